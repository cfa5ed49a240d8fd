// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.load;

import dev.stafette.engine.cli.load.Endpoint.BadEndpointException;
import dev.stafette.engine.cli.load.Numbers.BadFlagException;
import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Terminal;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.load.SmtpSink;
import dev.stafette.engine.load.SmtpSinkSettings;
import dev.stafette.engine.log.LogText;
import dev.stafette.engine.log.SyslogOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * {@code smtp-sink}: a server for tests, which takes what comes and throws it away, or behaves badly on request.
 * Thread: main, which waits for the end; what the sink says comes from its loop.
 */
public final class SmtpSinkCommand {
    private static final String NAME = "smtp-sink";
    private static final String FACILITY = "mail";

    private final Terminal terminal;
    private @Nullable SyslogOutput syslog;

    public SmtpSinkCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    public int run(String[] arguments) {
        try {
            SinkFlags flags = SinkFlags.parse(arguments);
            checkUser(flags.user());
            serve(flags);
            return ExitCode.OK;
        } catch (BadFlagException e) {
            if (!e.complaint().isEmpty()) {
                terminal.say(NAME, e.complaint());
            }
            return terminal.fatal(NAME, ExitCode.FAILED, String.valueOf(e.getMessage()));
        } catch (BadEndpointException | IOException e) {
            return terminal.fatal(NAME, ExitCode.FAILED, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.FAILED;
        }
    }

    /** The launcher becomes that user before the JVM starts: root is given up for good, but for low ports. */
    private void checkUser(String user) throws BadFlagException {
        if (LocalHost.userId() == 0) {
            throw new BadFlagException(
                    user.isEmpty()
                            ? "-u option is required if running as root"
                            : "-u " + user + ": bin/smtp-sink becomes that user before Java starts; start that");
        }
        if (!user.isEmpty() && !user.equals(LocalHost.userName())) {
            throw new BadFlagException("-u " + user + ": only root can become another user");
        }
    }

    private void serve(SinkFlags flags)
            throws BadFlagException, BadEndpointException, IOException, InterruptedException {
        SmtpSinkSettings settings = flags.settings();
        syslog = SyslogOutput.isThere() ? SyslogOutput.open(SyslogOutput.DEVICE, FACILITY) : null;
        try (SmtpSink sink = SmtpSink.open(settings, new Talk(flags.has('c'), flags.has('v')))) {
            sink.awaitEnd();
        }
    }

    /** On the loop of the sink. */
    private final class Talk implements SmtpSink.SinkTalk {
        private final boolean showsCounts;
        private final boolean isVerbose;

        Talk(boolean showsCounts, boolean isVerbose) {
            this.showsCounts = showsCounts;
            this.isVerbose = isVerbose;
        }

        @Override
        public void warn(String text) {
            terminal.warn(NAME, text);
        }

        @Override
        public void onCounts(int sessions, int quits, int messages) {
            if (showsCounts) {
                terminal.out().print("sess=" + sessions + " quit=" + quits + " mesg=" + messages + "\r");
                terminal.out().flush();
            }
        }

        @Override
        public void onTrace(String line) {
            if (isVerbose) {
                terminal.say(NAME, line);
            }
        }

        /** Where there is no syslog, on standard error, which has the rest. */
        @Override
        public void onLogged(String line) {
            if (syslog == null) {
                terminal.say(NAME, line);
                return;
            }
            String head = LogText.head(
                    new LocalHost().name(), NAME, ProcessHandle.current().pid());
            String stamp = LogText.time(System.currentTimeMillis(), ZoneId.systemDefault());
            String text = stamp + head + LogText.printable(line) + "\n";
            syslog.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        }
    }
}
