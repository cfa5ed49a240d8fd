// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.load;

import dev.stafette.engine.cli.load.Endpoint.BadEndpointException;
import dev.stafette.engine.cli.load.Endpoint.Family;
import dev.stafette.engine.cli.load.Numbers.BadFlagException;
import dev.stafette.engine.cli.terminal.Flags;
import dev.stafette.engine.load.SinkDump;
import dev.stafette.engine.load.SinkReaction.Manner;
import dev.stafette.engine.load.SinkVerb;
import dev.stafette.engine.load.SmtpSinkSettings;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The command line of {@code smtp-sink}.
 * Thread: main.
 */
public final class SinkFlags {
    private static final String USAGE = "usage: smtp-sink [-468acCeEFLpPv] [-A abort_delay] [-b soft_bounce_reply]"
            + " [-B hard_bounce_reply] [-d dump-template] [-D dump-template] [-f commands] [-h hostname]"
            + " [-m max_concurrency] [-M message_quit_count] [-n quit_count] [-q commands] [-r commands]"
            + " [-R root-dir] [-s commands] [-S start-string] [-u user_privs] [-w delay] [host]:port backlog";
    private static final String FLAGS = "468aA:b:B:cCd:D:eEf:Fh:H:Ln:m:M:NpPq:Q:r:R:s:S:t:T:u:vw:W:";

    private final SinkWords words = new SinkWords();
    private final Set<Character> switches = new LinkedHashSet<>();
    private int abortSeconds = -1;
    private String softReply = "450 4.3.0 Error: command failed";
    private String hardReply = "500 5.3.0 Error: command failed";
    private String singleDump = "";
    private String sharedDump = "";
    private String start = "";
    private String hostName = "smtp-sink";
    private int readDelaySeconds;
    private int connectionsMax = 256;
    private int messagesMax;
    private int sessionsMax;
    private int timeoutSeconds = 100;
    private int windowBytes;
    private String user = "";
    private List<String> operands = List.of();

    private SinkFlags() {}

    /** The message says what is wrong, in Postfix's words. */
    public static SinkFlags parse(String[] arguments) throws BadFlagException {
        SinkFlags taken = new SinkFlags();
        Flags flags = Flags.parse(FLAGS, arguments, 0);
        for (Flags.Flag flag : flags.all()) {
            taken.take(flag);
        }
        if (flags.areWrong()) {
            throw new BadFlagException(USAGE, flags.complaint());
        }
        if (!taken.singleDump.isEmpty() && !taken.sharedDump.isEmpty()) {
            throw new BadFlagException("use only one of -d or -D, but not both");
        }
        taken.operands = flags.operands();
        return taken;
    }

    /** Of {@code -u}; empty without it. */
    String user() {
        return user;
    }

    /** Of a switch: a flag without an argument. */
    boolean has(char letter) {
        return switches.contains(letter);
    }

    private void take(Flags.Flag flag) throws BadFlagException {
        String argument = flag.argument();
        switch (flag.letter()) {
            case 'A' -> abortSeconds = delay(argument);
            case 'b' -> softReply = reply(argument, '4', "soft");
            case 'B' -> hardReply = reply(argument, '5', "hard");
            case 'd' -> singleDump = argument;
            case 'D' -> sharedDump = argument;
            case 'f' -> react(argument, Manner.HARD);
            case 'h' -> hostName = argument;
            case 'H' -> readDelaySeconds = Numbers.atLeast(1, "data read delay", argument);
            case 'm' -> connectionsMax = Numbers.atLeast(1, "concurrency limit", argument);
            case 'M' -> messagesMax = Numbers.atLeast(1, "message quit count", argument);
            case 'n' -> sessionsMax = Numbers.atLeast(1, "quit count", argument);
            case 'q' -> words.set(argument, Manner.DISCONNECT);
            case 'Q' -> words.set(argument, Manner.CLOSING);
            case 'r' -> react(argument, Manner.SOFT);
            case 'R' ->
                throw new BadFlagException("-R " + argument + ": a JVM cannot change its root directory, as it needs"
                        + " the files of Java: run it in a container, or dump into a directory of its own");
            case 's' -> words.log(argument);
            case 'S' -> start = SinkWords.unescape(argument);
            case 't' -> timeoutSeconds = Numbers.atLeast(1, "timeout", argument);
            case 'T' -> windowBytes = Numbers.window(argument);
            case 'u' -> user = argument;
            case 'w' -> words.delay(SinkVerb.DATA, delay(argument), 0);
            case 'W' -> words.delay(argument);
            default -> switches.add(flag.letter());
        }
    }

    /** What refuses commands announces no pipelining: replies must be waited for. */
    private void react(String names, Manner manner) throws BadFlagException {
        words.set(names, manner);
        switches.add('p');
    }

    private static int delay(String text) throws BadFlagException {
        if (!text.matches("[0-9]{1,9}")) {
            throw new BadFlagException(USAGE);
        }
        return Integer.parseInt(text);
    }

    private static String reply(String text, char digit, String kind) throws BadFlagException {
        if (!SinkWords.isReply(text, digit)) {
            throw new BadFlagException(USAGE, "error: bad " + kind + " error reply: " + text);
        }
        return text;
    }

    public SmtpSinkSettings settings() throws BadFlagException, BadEndpointException {
        if (operands.size() != 2 || !operands.get(1).matches("[0-9]{1,9}")) {
            throw new BadFlagException(USAGE);
        }
        String address = operands.get(0);
        int backlog = Integer.parseInt(operands.get(1));
        Family family = switches.contains('4') ? Family.IPV4 : switches.contains('6') ? Family.IPV6 : Family.ANY;
        boolean isPix = switches.contains('P');
        boolean isExtended = !isPix && !switches.contains('e');
        boolean isLmtp = switches.contains('L');
        SinkDump dump = !singleDump.isEmpty()
                ? new SinkDump(singleDump, false, start)
                : sharedDump.isEmpty() ? null : new SinkDump(sharedDump, true, start);
        return new SmtpSinkSettings(
                Endpoint.of(address, "", family),
                backlog,
                isLmtp,
                hostName,
                isPix ? "********" : isExtended ? hostName + " ESMTP" : hostName,
                capabilities(),
                verbs(isLmtp, isExtended),
                words.reactions(),
                softReply,
                hardReply,
                abortSeconds,
                readDelaySeconds,
                connectionsMax,
                messagesMax,
                sessionsMax,
                timeoutSeconds,
                windowBytes,
                dump);
    }

    private Set<String> capabilities() {
        Set<String> lines = new LinkedHashSet<>();
        announce(lines, 'p', "PIPELINING");
        announce(lines, '8', "8BITMIME");
        announce(lines, 'a', "AUTH PLAIN LOGIN");
        announce(lines, 'C', "XCLIENT NAME HELO");
        announce(lines, 'F', "XFORWARD NAME ADDR PROTO HELO");
        announce(lines, 'E', "ENHANCEDSTATUSCODES");
        announce(lines, 'N', "DSN");
        return lines;
    }

    private void announce(Set<String> lines, char withoutFlag, String line) {
        if (!switches.contains(withoutFlag)) {
            lines.add(line);
        }
    }

    private Set<SinkVerb> verbs(boolean isLmtp, boolean isExtended) {
        EnumSet<SinkVerb> verbs = EnumSet.complementOf(EnumSet.of(SinkVerb.CONNECT));
        if (isLmtp) {
            verbs.removeAll(EnumSet.of(SinkVerb.HELO, SinkVerb.EHLO));
        } else {
            verbs.remove(SinkVerb.LHLO);
        }
        if (!isExtended) {
            verbs.remove(SinkVerb.EHLO);
        }
        if (switches.contains('C')) {
            verbs.remove(SinkVerb.XCLIENT);
        }
        if (switches.contains('F')) {
            verbs.remove(SinkVerb.XFORWARD);
        }
        return verbs;
    }
}
