// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.bounce;

import dev.stafette.engine.config.syntax.LogicalLine;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One template of a file: a header, which may say nothing, and the text. What it does not say is taken from the one it
 * stands in for.
 * Thread: start-up, reload and main.
 */
final class TemplateText {
    private static final String ASCII = "us-ascii";

    private final String file;
    private final ReportTemplate builtIn;
    private final String complaint;
    private String charset;
    private String from;
    private String subject;
    private @Nullable String postmasterSubject;
    private String text;

    TemplateText(String file, ReportTemplate builtIn, String content) {
        this.file = file;
        this.builtIn = builtIn;
        this.charset = builtIn.charset();
        this.from = builtIn.from();
        this.subject = builtIn.subject();
        this.postmasterSubject = builtIn.postmasterSubject();
        this.text = withoutBlankLines(content);
        this.complaint = parse();
    }

    /** Lines, why this is no template; empty when it is one. */
    String complaint() {
        return complaint;
    }

    ReportTemplate template() {
        return new ReportTemplate(file, builtIn.name(), charset, from, subject, postmasterSubject, text);
    }

    private String parse() {
        for (int colon = colon(); colon > 0; colon = colon()) {
            int end = text.indexOf('\n');
            String label = LogicalLine.trim(text.substring(0, colon));
            String value = text.substring(colon + 1, end).stripLeading();
            text = text.substring(end + 1);
            String problem = set(label, value);
            if (!problem.isEmpty()) {
                return file + ": " + problem + " in " + builtIn.name() + " template -- ignoring this template";
            }
        }
        text = withoutBlankLines(text);
        if (text.isEmpty()) {
            return file + ": missing message text in " + builtIn.name() + " template -- ignoring this template";
        }
        if (charset.equalsIgnoreCase(ASCII) && !isAscii(text)) {
            return file + ": 8-bit message text in " + builtIn.name() + " template\n"
                    + "please specify a charset value other than us-ascii\n-- ignoring this template for now";
        }
        return "";
    }

    /** Where the name of the field in the first line ends; 0 or less when that is no field. */
    private int colon() {
        int at = 0;
        while (at < text.length() && text.charAt(at) > ' ' && text.charAt(at) < 0x7f && text.charAt(at) != ':') {
            at++;
        }
        if (at == 0) {
            return 0;
        }
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
        return at < text.length() && text.charAt(at) == ':' ? at : 0;
    }

    /** Returns what is wrong with it; empty when nothing is. */
    private String set(String label, String value) {
        String name = label.toLowerCase(Locale.ROOT);
        boolean isKnown = name.equals("charset")
                || name.equals("from")
                || name.equals("subject")
                || name.equals("postmaster-subject");
        if (!isKnown) {
            return "unknown \"" + label + "\" header label";
        }
        if (name.equals("postmaster-subject") && postmasterSubject == null) {
            return "inapplicable \"" + label + "\" header label";
        }
        if (LogicalLine.trim(value).isEmpty()) {
            return "empty \"" + label + "\" header value";
        }
        if (!isAscii(value)) {
            return "non-ASCII \"" + label + "\" header value";
        }
        switch (name) {
            case "charset" -> charset = value;
            case "from" -> from = value;
            case "subject" -> subject = value;
            default -> postmasterSubject = value;
        }
        return name.equals("charset") && !isCharset(LogicalLine.trim(value))
                ? "unsupported \"" + label + "\" header value"
                : "";
    }

    private static boolean isCharset(String name) {
        try {
            return Charset.isSupported(name);
        } catch (IllegalCharsetNameException e) {
            return false;
        }
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 0x80);
    }

    private static String withoutBlankLines(String text) {
        int from = 0;
        while (from < text.length() && text.charAt(from) == '\n') {
            from++;
        }
        return text.substring(from);
    }
}
