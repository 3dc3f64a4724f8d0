namespace HostAgent.Agent.Cli;

/// <summary>What <c>--help</c> prints.</summary>
internal static class HelpText
{
    public const string Text = """
        hostagent - samples this host and streams to the aggregator

        hostagent run --aggregator URL [--state DIR] [--ca FILE] [--config FILE] [--interval 1s] [--name NAME]
            Sample and stream until SIGTERM or SIGINT; what is not acknowledged by then is kept in DIR for the next start.
        hostagent enrol --aggregator URL --token-file FILE [--state DIR]
            Get this host's certificate with a token from the aggregator, keep it in DIR and end. Needed once; `run` renews it.
        hostagent sample [--json] [--config FILE]
            Print one tick in the Prometheus text format, or as JSON, and end.
        hostagent commands [--json] [--state DIR]
            List what was ordered on this host, by whom, and what became of it.
        hostagent kinds [--json] [--config FILE]
            List the kinds of commands with their arguments, and whether the policy of this host allows them.
        hostagent execute KIND [NAME=VALUE ...] [--dry-run] [--override-budget] [--state DIR] [--config FILE]
            Order a command on this host itself, for when the aggregator is gone: policy, budget and journal as always.
        hostagent check-config FILE
            Say what is wrong with a settings file and the policy that it names, if anything.
        hostagent example-config
            Print a settings file with every key, its default and its explanation.
        hostagent --version | --help

        Options
            --aggregator URL    https://HOST:PORT of the aggregator
            --endpoints FILE    endpoints.json of an aggregator on this machine, instead of --aggregator, --ca and --token-file
            --ca FILE           PEM file of the authority that the aggregator's certificate must come from;
                                without it those learned at enrolment; it is always verified
            --token-file FILE   enrolment token, for enrol and for a first run; - reads it from standard input (enrol only)
            --state DIR         identity and spool; /var/lib/hostagent for root, otherwise $XDG_STATE_HOME/hostagent
            --name NAME         name of this host for people; the system's own without it
            --interval TIME     time between two samples of the cheap samplers: 100ms to 1h; 1s without it
            --log-level LEVEL   trace, debug, information, warning, error, critical; information without it
            --config FILE       settings in YAML; see example-config
            --trace FILE        for diagnosis: append a line for every frame produced, every acknowledgement and every step of a command
            --dry-run           say what the command would do now, and do nothing
            --override-budget   run although the policy's budget is used up

        Environment
            HOSTAGENT_AGGREGATOR and so on do the same: HOSTAGENT_ and the key of the settings file in capitals, dots as underscores;
            HOSTAGENT_CONFIG and HOSTAGENT_ENDPOINTS name files; HOSTAGENT_ENROLMENT_TOKEN is a token itself. The command line wins over the environment, which wins over the file.
            NOTIFY_SOCKET, WATCHDOG_USEC and JOURNAL_STREAM are systemd's.

        Exit codes
            0   ended as asked                    73  the state directory is in use, or a file cannot be made
            1   the command did not succeed
            64  the command line is wrong         77  the system refuses access to a file that was named
            70  a defect of hostagent itself      78  a setting is wrong: starting again cannot help
            An aggregator that cannot be reached is no reason to end: samples are kept and sent when it is back.

        """;
}
