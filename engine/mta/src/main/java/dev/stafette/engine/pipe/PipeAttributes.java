// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pipe;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.delivery.copy.CopyRules;
import dev.stafette.engine.config.ServiceRow;
import dev.stafette.engine.config.syntax.ConfigException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a pipe row of master.cf says behind the name of its program.
 * Thread: any (a value).
 *
 * @param user as whom the command runs
 * @param group of that user, unless another is named; empty: none is
 * @param command its words, with macros
 * @param isFinal flag {@code X}: what the command takes has arrived
 * @param directory where it runs; empty: in the queue directory
 * @param root of the file system that it sees; empty: all of it
 * @param nullSender what stands for a sender that is nobody
 * @param messageBytesMax 0: no limit
 */
record PipeAttributes(
        String user,
        String group,
        List<String> command,
        CopyRules rules,
        AddressForm form,
        boolean isFinal,
        String directory,
        String root,
        MailAddress nullSender,
        long messageBytesMax) {
    private static final String NAMES =
            "flags=, user=, directory=, chroot=, eol=, null_sender=, size=, and at the end argv=";

    private static final List<String> ATTRIBUTES =
            List.of("flags", "user", "directory", "chroot", "eol", "null_sender", "size");

    private static final String FLAGS = "BDFORXhqu.>";

    /** A ConfigException names the row and what is wrong with it. */
    static PipeAttributes of(ServiceRow row) {
        Map<String, String> given = new HashMap<>();
        List<String> words = row.arguments();
        int at = 0;
        while (at < words.size() && !name(words.get(at)).equals("argv")) {
            String name = name(words.get(at));
            if (!ATTRIBUTES.contains(name)) {
                throw wrong(row, "attribute", words.get(at), NAMES);
            }
            given.put(name, words.get(at).substring(name.length() + 1));
            at++;
        }
        List<String> command = new ArrayList<>(words.subList(at, words.size()));
        if (!command.isEmpty()) {
            command.set(0, command.get(0).substring("argv=".length()));
        }
        if (command.isEmpty() || command.get(0).isEmpty()) {
            throw wrong(row, "argv", "", "the words of a command");
        }
        String user = given.getOrDefault("user", "");
        int colon = user.indexOf(':');
        if (user.isEmpty() || colon == 0) {
            throw wrong(row, "user", user, "user, or user:group");
        }
        String flags = flags(row, given.getOrDefault("flags", ""));
        return new PipeAttributes(
                colon < 0 ? user : user.substring(0, colon),
                colon < 0 ? "" : user.substring(colon + 1),
                List.copyOf(command),
                rules(flags, unescaped(given.getOrDefault("eol", "\\n"))),
                new AddressForm(has(flags, 'q'), has(flags, 'u'), has(flags, 'h')),
                has(flags, 'X'),
                given.getOrDefault("directory", ""),
                given.getOrDefault("chroot", ""),
                address(given.getOrDefault("null_sender", "MAILER-DAEMON")),
                size(row, given.getOrDefault("size", "0")));
    }

    private static String name(String word) {
        int equals = word.indexOf('=');
        return equals < 0 ? "" : word.substring(0, equals).toLowerCase(Locale.ROOT);
    }

    private static ConfigException wrong(ServiceRow row, String attribute, String value, String expected) {
        return ConfigException.badColumn(row.origin(), row.name(), attribute, value, expected);
    }

    private static boolean has(String flags, char flag) {
        return flags.indexOf(flag) >= 0;
    }

    private static String flags(ServiceRow row, String flags) {
        for (int i = 0; i < flags.length(); i++) {
            if (FLAGS.indexOf(flags.charAt(i)) < 0) {
                throw wrong(row, "flags", flags, "some of " + FLAGS);
            }
        }
        return flags;
    }

    private static CopyRules rules(String flags, String lineEnd) {
        return new CopyRules(
                has(flags, 'F'),
                has(flags, 'R'),
                has(flags, 'O'),
                has(flags, 'D'),
                has(flags, '>'),
                has(flags, '.'),
                has(flags, 'B'),
                lineEnd);
    }

    private static long size(ServiceRow row, String text) {
        try {
            long size = Long.parseLong(text);
            if (size >= 0) {
                return size;
            }
        } catch (NumberFormatException e) {
            throw wrong(row, "size", text, "a number of bytes");
        }
        throw wrong(row, "size", text, "a number of bytes");
    }

    private static MailAddress address(String text) {
        int at = text.lastIndexOf('@');
        return at < 0 ? MailAddress.of(text, "") : MailAddress.of(text.substring(0, at), text.substring(at + 1));
    }

    /** As in C: {@code \n} and the like, and up to three octal digits. */
    private static String unescaped(String text) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '\\' || at == text.length()) {
                out.append(c);
                continue;
            }
            char escaped = text.charAt(at++);
            int letter = "abfnrtv".indexOf(escaped);
            if (letter >= 0) {
                out.append("\u0007\b\f\n\r\t\u000b".charAt(letter));
            } else if (escaped >= '0' && escaped <= '7') {
                int end = at - 1;
                int value = 0;
                while (end < text.length() && end < at + 2 && Character.digit(text.charAt(end), 8) >= 0) {
                    value = value * 8 + Character.digit(text.charAt(end++), 8);
                }
                out.append((char) (value & 0xff));
                at = end;
            } else {
                out.append(escaped);
            }
        }
        return out.toString();
    }
}
