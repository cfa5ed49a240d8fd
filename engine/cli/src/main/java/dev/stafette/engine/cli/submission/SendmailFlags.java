// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.submission;

import dev.stafette.codec.envelope.DsnNotify;
import dev.stafette.codec.envelope.TraceMode;
import dev.stafette.engine.cli.terminal.ExitCode;
import dev.stafette.engine.cli.terminal.Flags;
import dev.stafette.engine.cli.terminal.Terminal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command line of {@code sendmail} asks for. The last of several modes holds.
 * Thread: main.
 */
final class SendmailFlags {
    private static final String LETTERS = "A:B:C:F:GIL:N:O:R:UV:X:b:ce:f:h:imno:p:r:q:tvx";

    /** RFC 3461 §4.4. */
    private static final int ENVELOPE_ID_LENGTH_MAX = 100;

    /** Values of the {@code encoding} and {@code ret_flags} attributes. */
    private static final String NO_VALUE = "";

    /** What to do. */
    enum Mode {
        SUBMIT(""),
        SMTP("stand-alone mode"),
        DAEMON("daemon mode"),
        LIST("display queue mode"),
        ALIASES("alias initialization mode"),
        FLUSH("flush queue mode"),
        FLUSH_MESSAGE("flush queue_id"),
        FLUSH_SITE("flush site"),
        /** Of the persistent host status, which there is none of; or an interval without a daemon. */
        NOTHING("");

        /** As messages call one that takes no recipients; empty for the others. */
        private final String text;

        Mode(String text) {
            this.text = text;
        }
    }

    private final Terminal terminal;

    Mode mode = Mode.SUBMIT;
    String configDirectory = NO_VALUE;
    String flushed = NO_VALUE;

    @Nullable
    String fullName;

    @Nullable
    String sender;

    String encoding = NO_VALUE;
    String returned = NO_VALUE;
    String envelopeId = NO_VALUE;
    int notifyBits = DsnNotify.UNSPECIFIED;
    boolean fromHeader;
    boolean dotIsText;
    boolean isRemote;
    boolean requiresTls;
    TraceMode trace = TraceMode.NONE;

    /** Null: no VERP; empty: with the delimiters of main.cf. */
    @Nullable
    String verpDelimiters;

    List<String> recipients = List.of();

    private int verboseCount;
    private boolean hasInterval;

    private SendmailFlags(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Null when they are wrong, which has been said. */
    static @Nullable SendmailFlags parse(Terminal terminal, String[] arguments) {
        SendmailFlags parsed = new SendmailFlags(terminal);
        Flags flags = Flags.parse(LETTERS, parsed.prepare(arguments), 0);
        if (flags.areWrong()) {
            terminal.err().println(SendmailCommand.NAME + ": " + flags.complaint());
            return parsed.refuse("usage: sendmail [options]");
        }
        for (Flags.Flag flag : flags.all()) {
            String why = parsed.take(flag.letter(), flag.argument());
            if (why != null) {
                return parsed.refuse(why);
            }
        }
        parsed.recipients = flags.operands();
        String conflict = parsed.conflict();
        if (conflict != null) {
            return parsed.refuse(conflict);
        }
        if (parsed.isIdle()) {
            parsed.mode = Mode.NOTHING;
        }
        if (parsed.verboseCount == 1) {
            parsed.trace = TraceMode.RECORD;
        }
        return parsed;
    }

    /** An interval is for the daemon: without one there is nothing to do. */
    private boolean isIdle() {
        return hasInterval && mode != Mode.DAEMON;
    }

    /** What cannot be asked for together; null where nothing. */
    private @Nullable String conflict() {
        if (fromHeader && mode != Mode.SUBMIT) {
            return "-t can be used only in delivery mode";
        }
        String unasked = trace == TraceMode.VERIFY ? besidesVerify() : "";
        if (!unasked.isEmpty()) {
            return unasked + " option cannot be used with -bv";
        }
        return recipients.isEmpty() || mode.text.isEmpty() || isIdle() ? null : mode.text + " requires no recipient";
    }

    /** The first flag that makes no sense with {@code -bv}; empty where there is none. */
    private String besidesVerify() {
        if (fromHeader) {
            return "-t";
        }
        if (notifyBits != DsnNotify.UNSPECIFIED) {
            return "-N";
        }
        if (!returned.isEmpty()) {
            return "-R";
        }
        return verboseCount == 1 ? "-v" : "";
    }

    private @Nullable SendmailFlags refuse(String why) {
        terminal.fatal(SendmailCommand.NAME, ExitCode.TRY_AGAIN, why);
        return null;
    }

    /** A bare {@code -q} takes no argument, though with one it needs none in between. */
    private String[] prepare(String[] arguments) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            String word = arguments[i];
            if (word.equals("--") || !word.startsWith("-") && !takesNext(arguments, i - 1)) {
                words.addAll(List.of(arguments).subList(i, arguments.length));
                break;
            }
            if (word.equals("-q") && !takesNext(arguments, i - 1)) {
                mode = Mode.FLUSH;
            } else {
                words.add(word);
            }
        }
        return words.toArray(new String[0]);
    }

    /** Whether the word before asks for its argument in this one. */
    private static boolean takesNext(String[] arguments, int index) {
        if (index < 0 || arguments[index].length() < 2 || arguments[index].charAt(0) != '-') {
            return false;
        }
        String before = arguments[index];
        int known = LETTERS.indexOf(before.charAt(before.length() - 1));
        boolean isLast = before.length() == 2 && !before.equals("-q");
        return isLast && known >= 0 && known + 1 < LETTERS.length() && LETTERS.charAt(known + 1) == ':';
    }

    /** Returns what is wrong with it, or null. */
    private @Nullable String take(char letter, String argument) {
        switch (letter) {
            case 'b' -> {
                return takeMode(argument);
            }
            case 'q' -> {
                return takeFlush(argument);
            }
            case 'B' -> {
                return takeEncoding(argument);
            }
            case 'X' -> {
                if (!argument.startsWith("V")) {
                    return "unsupported: -X" + (argument.isEmpty() ? "" : argument.charAt(0));
                }
                verpDelimiters = argument.substring(1);
            }
            case 'n' -> {
                return "-n option not supported";
            }
            case 'C' -> configDirectory = argument;
            case 'F' -> fullName = argument;
            case 'f', 'r' -> sender = argument;
            case 'G' -> isRemote = true;
            case 'I' -> mode = Mode.ALIASES;
            case 'i' -> dotIsText = true;
            case 'o' -> dotIsText |= argument.startsWith("i");
            case 'O' -> requiresTls |= argument.equalsIgnoreCase("requiretls=yes");
            case 'N' -> takeNotify(argument);
            case 'R' -> takeReturn(argument);
            case 'V' -> takeEnvelopeId(argument);
            case 't' -> fromHeader = true;
            case 'v' -> verboseCount++;
            default -> {
                // Those that mean nothing here, or nothing any more.
            }
        }
        return null;
    }

    private @Nullable String takeMode(String argument) {
        switch (argument) {
            case "d", "l" -> mode = Mode.DAEMON;
            case "h", "H" -> mode = Mode.NOTHING;
            case "i" -> mode = Mode.ALIASES;
            case "m" -> mode = Mode.SUBMIT;
            case "p" -> mode = Mode.LIST;
            case "s" -> mode = Mode.SMTP;
            case "v" -> trace = TraceMode.VERIFY;
            default -> {
                return "unsupported: -b" + argument;
            }
        }
        return null;
    }

    private @Nullable String takeFlush(String argument) {
        char what = argument.isEmpty() ? ' ' : argument.charAt(0);
        flushed = argument.isEmpty() ? "" : argument.substring(1);
        if (what >= '0' && what <= '9') {
            hasInterval = true;
            return null;
        }
        if (what == 'I') {
            mode = Mode.FLUSH_MESSAGE;
            return flushed.isEmpty() ? "specify: -qIqueueid" : null;
        }
        if (what == 'R') {
            mode = Mode.FLUSH_SITE;
            return flushed.isEmpty() ? "specify: -qRsitename" : null;
        }
        return "-q" + what + " is not implemented";
    }

    private @Nullable String takeEncoding(String argument) {
        if (argument.equals("8BITMIME")) {
            encoding = "8bit";
        } else if (argument.equals("7BIT")) {
            encoding = "7bit";
        } else {
            return "-B option needs 8BITMIME or 7BIT";
        }
        return null;
    }

    private void takeNotify(String argument) {
        int bits = 0;
        for (String word : argument.split(",", -1)) {
            int bit = notifyBit(word);
            if (bit == 0) {
                warn("unknown DSN NOTIFY command value \"" + word + "\" in \"" + argument + "\"");
            }
            boolean alone = bits == 0 || bit != DsnNotify.NEVER && (bits & DsnNotify.NEVER) == 0;
            if (bit == 0 || !alone) {
                warn("bad -N option value -- ignored");
                return;
            }
            bits |= bit;
        }
        notifyBits = bits;
    }

    private static int notifyBit(String word) {
        if (word.equalsIgnoreCase("never")) {
            return DsnNotify.NEVER;
        }
        if (word.equalsIgnoreCase("success")) {
            return DsnNotify.SUCCESS;
        }
        if (word.equalsIgnoreCase("failure")) {
            return DsnNotify.FAILURE;
        }
        return word.equalsIgnoreCase("delay") ? DsnNotify.DELAY : 0;
    }

    private void takeReturn(String argument) {
        if (argument.equalsIgnoreCase("full")) {
            returned = "1";
        } else if (argument.equalsIgnoreCase("hdrs")) {
            returned = "2";
        } else {
            warn("bad -R option value -- ignored");
        }
    }

    /** RFC 3461 §4.4: printable, and what stands in it need not be xtext yet. */
    private void takeEnvelopeId(String argument) {
        if (argument.length() > ENVELOPE_ID_LENGTH_MAX) {
            warn("too long -V option value -- ignored");
            return;
        }
        for (int i = 0; i < argument.length(); i++) {
            if (argument.charAt(i) < ' ' || argument.charAt(i) >= 0x7f) {
                warn("bad syntax in -V option value -- ignored");
                return;
            }
        }
        envelopeId = argument;
    }

    private void warn(String text) {
        terminal.warn(SendmailCommand.NAME, text);
    }
}
