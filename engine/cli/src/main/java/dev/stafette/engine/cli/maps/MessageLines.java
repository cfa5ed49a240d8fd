// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.maps;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes a message apart as header and body checks see it: headers with the lines that continue them, and lines of the
 * body; with {@code -m} also the headers of parts (RFC 2046 §5.1).
 * Thread: main.
 */
final class MessageLines {
    private final BufferedReader in;
    private final MapFlags flags;
    private final Consumer<String> ask;
    private final Deque<String> boundaries = new ArrayDeque<>();

    private boolean inHeaders = true;
    /** A header that may go on. */
    private StringBuilder header = new StringBuilder();

    MessageLines(InputStream in, MapFlags flags, Consumer<String> ask) {
        this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        this.flags = flags;
        this.ask = ask;
    }

    void read() throws IOException {
        for (@Nullable String line = in.readLine(); line != null; line = in.readLine()) {
            take(line);
        }
        endHeader();
    }

    private void take(String line) {
        if (flags.mime && isBoundary(line)) {
            endHeader();
            inHeaders = !line.endsWith("--") || !boundaries.contains(line.substring(2, line.length() - 2));
            return;
        }
        if (!inHeaders) {
            askBody(line);
            return;
        }
        if (line.isEmpty()) {
            endHeader();
            inHeaders = false;
        } else if (header.length() > 0 && (line.charAt(0) == ' ' || line.charAt(0) == '\t')) {
            header.append('\n').append(line);
        } else if (isHeader(line)) {
            endHeader();
            header.append(line);
        } else {
            endHeader();
            inHeaders = false;
            askBody(line);
        }
    }

    private void askBody(String line) {
        if (flags.body) {
            ask.accept(line);
        }
    }

    private static boolean isHeader(String line) {
        int colon = line.indexOf(':');
        for (int i = 0; i < colon; i++) {
            if (line.charAt(i) <= ' ' || line.charAt(i) >= 127) {
                return false;
            }
        }
        return colon > 0;
    }

    private boolean isBoundary(String line) {
        if (!line.startsWith("--")) {
            return false;
        }
        String name = line.substring(2).stripTrailing();
        return boundaries.contains(name)
                || name.endsWith("--") && boundaries.contains(name.substring(0, name.length() - 2));
    }

    private void endHeader() {
        if (header.length() == 0) {
            return;
        }
        String text = header.toString();
        header = new StringBuilder();
        if (flags.headers) {
            ask.accept(text);
        }
        if (text.regionMatches(true, 0, "content-type:", 0, "content-type:".length())) {
            keepBoundary(text);
        }
    }

    private void keepBoundary(String contentType) {
        String small = contentType.toLowerCase(Locale.ROOT);
        int at = small.indexOf("boundary=");
        if (at < 0 || !small.contains("multipart/")) {
            return;
        }
        String value = contentType.substring(at + "boundary=".length());
        if (value.startsWith("\"")) {
            int end = value.indexOf('"', 1);
            boundaries.push(value.substring(1, end < 0 ? value.length() : end));
        } else {
            boundaries.push(value.split("[;\\s]", 2)[0]);
        }
    }
}
