namespace HostAgent.Agent.Configuration;

/// <summary>Where state goes when nobody says otherwise (XDG Base Directory Specification; file-hierarchy(7)).</summary>
internal static class StateDirectories
{
    public static string Default
    {
        get
        {
            if (Environment.IsPrivilegedProcess)
            {
                return "/var/lib/hostagent";
            }

            var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
            return Path.Combine(
                string.IsNullOrEmpty(state) ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local/state") : state,
                "hostagent");
        }
    }
}
