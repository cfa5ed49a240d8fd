// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.load;

import dev.stafette.engine.cli.load.Endpoint.BadEndpointException;
import dev.stafette.engine.cli.load.Endpoint.Family;
import dev.stafette.engine.cli.load.Numbers.BadFlagException;
import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Flags;
import dev.stafette.engine.cli.terminal.Terminal;
import dev.stafette.engine.config.syntax.LocalHost;
import dev.stafette.engine.load.SmtpSource;
import dev.stafette.engine.load.SmtpSourceSettings;
import dev.stafette.engine.load.SmtpSourceSettings.Dialect;
import dev.stafette.engine.load.SmtpSourceSettings.Pause;
import dev.stafette.engine.load.SourceMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * {@code smtp-source}: sends test messages to a server, over one session or many.
 * Thread: main; what the run says comes from its loop.
 */
public final class SmtpSourceCommand {
    private static final String NAME = "smtp-source";
    private static final String USAGE = "usage: smtp-source -cdLNov -s sess -l msglen -m msgs -C count -M myhostname"
            + " -f from -t to -r rcptcount -R delay -w delay host[:port]";
    private static final String FLAGS = "46AcC:df:F:l:Lm:M:Nor:R:s:S:t:T:vw:";

    private final Terminal terminal;
    private Family family = Family.ANY;
    private Dialect dialect = Dialect.SMTP;
    private boolean endures;
    private boolean showsCount;
    private int connectAttempts = 1;
    private boolean keepsConnections;
    private @Nullable String sender;
    private @Nullable String recipient;
    private byte @Nullable [] file;
    private int messageBytes;
    private int messageCount = 1;
    private String hostName = "";
    private boolean numbersRecipients;
    private boolean isSilent;
    private int recipientCount = 1;
    private int randomSeconds = -1;
    private int fixedSeconds = -1;
    private int sessionCount = 1;
    private @Nullable String subject;
    private int windowBytes;
    private boolean isVerbose;

    public SmtpSourceCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    public int run(String[] arguments) {
        Flags flags = Flags.parse(FLAGS, arguments, 0);
        try {
            for (Flags.Flag flag : flags.all()) {
                take(flag);
            }
            if (flags.areWrong()) {
                terminal.err().println(NAME + ": " + flags.complaint());
            }
            if (flags.areWrong() || flags.operands().size() != 1) {
                return terminal.fatal(NAME, ExitCode.FAILED, USAGE);
            }
            if (file != null && messageBytes > 0) {
                throw new BadFlagException("-l option cannot be used with -F");
            }
            if (randomSeconds > 0 && fixedSeconds > 0) {
                throw new BadFlagException("do not use -w and -R options at the same time");
            }
            String failure = new SmtpSource(settings(flags.operands().get(0)), new Talk()).run();
            if (showsCount) {
                terminal.out().println();
            }
            return failure.isEmpty() ? ExitCode.OK : terminal.fatal(NAME, ExitCode.FAILED, failure);
        } catch (BadFlagException | BadEndpointException e) {
            return terminal.fatal(NAME, ExitCode.FAILED, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.FAILED;
        }
    }

    private void take(Flags.Flag flag) throws BadFlagException {
        String argument = flag.argument();
        switch (flag.letter()) {
            case '4' -> family = Family.IPV4;
            case '6' -> family = Family.IPV6;
            case 'A' -> endures = true;
            case 'c' -> showsCount = true;
            case 'C' -> connectAttempts = Numbers.atLeast(1, "connection count", argument);
            case 'd' -> keepsConnections = true;
            case 'f' -> sender = argument;
            case 'F' -> file = read(argument);
            case 'l' -> messageBytes = Numbers.atLeast(1, "message length", argument);
            case 'L' -> dialect = Dialect.LMTP;
            case 'm' -> messageCount = Numbers.atLeast(1, "message count", argument);
            case 'M' -> hostName = checkedName(argument);
            case 'N' -> numbersRecipients = true;
            case 'o' -> isSilent = true;
            case 'r' -> recipientCount = Numbers.atLeast(1, "recipient count", argument);
            case 'R' -> randomSeconds = Numbers.atLeast(1, "random delay", argument);
            case 's' -> sessionCount = Numbers.atLeast(1, "session count", argument);
            case 'S' -> subject = argument;
            case 't' -> recipient = argument;
            case 'T' -> windowBytes = Numbers.window(argument);
            case 'v' -> isVerbose = true;
            default -> fixedSeconds = Numbers.atLeast(1, "fixed delay", argument);
        }
    }

    private static byte[] read(String name) throws BadFlagException {
        try {
            return Files.readAllBytes(Path.of(name));
        } catch (IOException e) {
            String why = Files.exists(Path.of(name)) ? "Permission denied" : "No such file or directory";
            throw new BadFlagException("open " + name + ": " + why);
        }
    }

    /** A name, or an address in brackets. */
    private static String checkedName(String name) throws BadFlagException {
        if (name.startsWith("[")) {
            if (!name.endsWith("]") || name.length() == 2) {
                throw new BadFlagException("bad address literal: " + name);
            }
        } else if (!name.matches("[A-Za-z0-9_]([A-Za-z0-9_-]*)(\\.[A-Za-z0-9_][A-Za-z0-9_-]*)*\\.?")) {
            throw new BadFlagException("bad hostname: " + name);
        }
        return name;
    }

    private SmtpSourceSettings settings(String target) throws BadFlagException, BadEndpointException {
        String host = hostName;
        if (host.isEmpty()) {
            host = new LocalHost().name();
        }
        byte[] content = file;
        byte[] body = content != null
                ? SourceMessage.ofFile(content)
                : messageBytes > 0 ? SourceMessage.ofLength(messageBytes) : SourceMessage.lullaby();
        SourceMessage message = new SourceMessage(
                host,
                sender == null ? "foo@" + host : sender,
                recipient == null ? "foo@" + host : recipient,
                subject,
                content == null && !isSilent,
                body);
        Pause pause = fixedSeconds > 0
                ? new Pause(fixedSeconds, false)
                : randomSeconds > 0 ? new Pause(randomSeconds, true) : null;
        return new SmtpSourceSettings(
                Endpoint.of(target, "smtp", family),
                isSilent ? Dialect.SILENT : dialect,
                message,
                recipientCount,
                numbersRecipients,
                sessionCount,
                messageCount,
                keepsConnections,
                endures,
                connectAttempts,
                pause,
                windowBytes);
    }

    /** On the loop of the run. */
    private final class Talk implements SmtpSource.SourceTalk {
        @Override
        public void warn(String text) {
            terminal.warn(NAME, text);
        }

        @Override
        public void onCount(int count) {
            if (showsCount) {
                terminal.out().print(count + "\r");
                terminal.out().flush();
            }
        }

        @Override
        public void onTrace(String line) {
            if (isVerbose) {
                terminal.say(NAME, line);
            }
        }
    }
}
