// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * SMTP dialogues in files: the grammar that all tests share. What else a file says, and who is played by whom, is the
 * business of the test that reads it.
 *
 * <pre>
 * # a remark; so is an empty line
 * == title       a section begins: another connection, another case
 * @word text     a setting of the section
 * C: text        the client's line; CRLF belongs to it, unless the text ends in \c
 * S: text        the server's
 * C! close       what an end of the connection does but speak: close, reset, drip
 * T: 1000        so many ms pass
 * B: text        a line of content
 * M: sender -&gt; recipient,recipient     a message
 * K: text        any other key, a letter or a number and a word, that the test knows
 * </pre>
 * In a text \r \n \t \0 \\ and \xHH stand for bytes, and {n*text} for a repetition. One char is one byte.
 */
public final class Dialogue {
    private static final Pattern KEYED = Pattern.compile("((?:\\d )?[A-Z_]+[:!])(?: (.*))?");
    private static final Pattern REPETITION = Pattern.compile("\\{(\\d+)\\*([^}]*)}");
    private static final String OPEN_END = "\\c";

    /**
     * @param key with its colon or exclamation mark: {@code C:}, {@code S!}, {@code 1 RCPT:}; or {@code @word}
     * @param text as it is written, to be unescaped where it stands for bytes
     */
    public record Line(String key, String text) {
        /** The bytes, one a char, CRLF behind them unless the text says otherwise. */
        public String wire() {
            return Dialogue.wire(text);
        }

        /** The bytes, one a char. */
        public String bytes() {
            return unescape(text);
        }

        @Override
        public String toString() {
            return key + " " + text;
        }
    }

    /** @param title empty in front of the first title */
    public record Section(String title, List<Line> lines) {
        /** The texts of all lines with that key. */
        public List<String> texts(String key) {
            return lines.stream()
                    .filter(line -> line.key().equals(key))
                    .map(Line::text)
                    .toList();
        }

        public boolean has(String key) {
            return lines.stream().anyMatch(line -> line.key().equals(key));
        }
    }

    private Dialogue() {}

    public static List<Section> read(Path file) throws IOException {
        return parse(file.toString(), Files.readAllLines(file, StandardCharsets.UTF_8));
    }

    /** {@code name}: of a resource beside the class. */
    public static List<Section> read(Class<?> reader, String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(reader.getResourceAsStream(name), name)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return parse(name, text.lines().toList());
        }
    }

    /** What stands in front of the first title is a section only if there is something. */
    static List<Section> parse(String name, List<String> lines) {
        List<Section> sections = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith("==")) {
                sections.add(new Section(line.substring(2).strip(), new ArrayList<>()));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                if (sections.isEmpty()) {
                    sections.add(new Section("", new ArrayList<>()));
                }
                sections.get(sections.size() - 1).lines().add(parse(name, line));
            }
        }
        return sections;
    }

    private static Line parse(String name, String line) {
        if (line.startsWith("@")) {
            String[] parts = line.split(" ", 2);
            return new Line(parts[0], parts.length > 1 ? parts[1] : "");
        }
        Matcher keyed = KEYED.matcher(line);
        if (!keyed.matches()) {
            throw new IllegalArgumentException(name + ": " + line);
        }
        return new Line(keyed.group(1), keyed.group(2) == null ? "" : keyed.group(2));
    }

    public static String wire(String text) {
        boolean open = text.endsWith(OPEN_END);
        return unescape(open ? text.substring(0, text.length() - OPEN_END.length()) : text) + (open ? "" : "\r\n");
    }

    public static String unescape(String text) {
        StringBuilder out = new StringBuilder();
        Matcher repetition = REPETITION.matcher(text);
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '{' && repetition.find(i) && repetition.start() == i) {
                out.append(unescape(repetition.group(2)).repeat(Integer.parseInt(repetition.group(1))));
                i = repetition.end();
            } else if (c == '\\') {
                i = unescape(text, i + 1, out);
            } else {
                out.append(c);
                i++;
            }
        }
        return out.toString();
    }

    /** Returns where the text goes on behind the escape. */
    private static int unescape(String text, int at, StringBuilder out) {
        switch (text.charAt(at)) {
            case 'r' -> out.append('\r');
            case 'n' -> out.append('\n');
            case 't' -> out.append('\t');
            case '0' -> out.append('\0');
            case '\\' -> out.append('\\');
            case 'x' -> {
                out.append((char) Integer.parseInt(text.substring(at + 1, at + 3), 16));
                return at + 3;
            }
            default -> throw new IllegalArgumentException(text);
        }
        return at + 1;
    }

    /** As the file has it, for printable ASCII and backslashes. */
    public static String escape(String latin1) {
        StringBuilder out = new StringBuilder();
        latin1.chars().forEach(c -> {
            if (c == '\\') {
                out.append("\\\\");
            } else if (c < ' ' || c >= 0x7f) {
                out.append(String.format("\\x%02x", c));
            } else {
                out.append((char) c);
            }
        });
        return out.toString();
    }

    /** Whether the text is as the pattern, in which * stands for anything. */
    public static boolean matches(String pattern, String text) {
        StringBuilder regex = new StringBuilder();
        for (String part : pattern.split("\\*", -1)) {
            regex.append(regex.length() == 0 ? "" : ".*").append(Pattern.quote(part));
        }
        return Pattern.matches(regex.toString(), text);
    }
}
