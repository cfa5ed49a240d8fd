// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.bounce;

import dev.stafette.codec.dsn.ReportWording;
import dev.stafette.engine.config.Expansion;
import dev.stafette.engine.config.syntax.ConfigException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The words of one kind of report and its header, with {@code $name} for what main.cf says.
 * Thread: any (a value).
 *
 * @param origin the file that it stands in; empty when it is built in
 * @param name {@code failure}, {@code delay}, {@code success} or {@code verify}
 * @param postmasterSubject of the postmaster's copy; null where there are no copies
 * @param text lines, each with its line feed; a character is a byte
 */
record ReportTemplate(
        String origin,
        String name,
        String charset,
        String from,
        String subject,
        @Nullable String postmasterSubject,
        String text) {
    /** As it would stand in a file. */
    String source() {
        String copy = postmasterSubject == null ? "" : "Postmaster-Subject: " + postmasterSubject + "\n";
        return name + "_template = <<EOF\nCharset: " + charset + "\nFrom: " + from + "\nSubject: " + subject + "\n"
                + copy + "\n" + text + "EOF\n";
    }

    /** A character is a byte; throws a {@link ConfigException} that names the line at fault. */
    String expanded(TemplateNames names) {
        StringBuilder out = new StringBuilder(text.length() + 64);
        int from = 0;
        while (from < text.length()) {
            int end = text.indexOf('\n', from);
            String line = text.substring(from, end);
            try {
                out.append(Expansion.expand(line, names.of(this))).append('\n');
            } catch (TemplateNames.NameException e) {
                String what = String.valueOf(e.getMessage());
                throw new ConfigException(
                        where() + ": " + (what.isEmpty() ? "undefined $name in " + name + " template: " + line : what));
            } catch (ConfigException e) {
                throw new ConfigException(
                        where() + ": bad $name syntax in " + name + " template: " + line + ": " + e.getMessage());
            }
            from = end + 1;
        }
        return out.toString();
    }

    ReportWording wording(TemplateNames names) {
        byte[] bytes = expanded(names).getBytes(StandardCharsets.ISO_8859_1);
        List<String> lines = new String(bytes, Charset.forName(charset)).lines().toList();
        return new ReportWording(from, subject, postmasterSubject, lines);
    }

    /** For messages. */
    String where() {
        return origin.isEmpty() ? "[built-in]" : origin;
    }
}
