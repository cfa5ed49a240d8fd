// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.testing;

/**
 * The slow and obvious way from the bytes behind DATA to the stored wire form: line by line, on strings of one char a byte.
 * A model to compare the decoders with.
 *
 * @param text the stored form with its dot line; null when the input holds no end
 * @param consumed how much of the input the message took
 */
public record StoredText(String text, int consumed, long contentBytes, boolean bareLf, boolean longLines) {
    /** @param standardEnd only CR LF dot CR LF ends the message; else any line end will do */
    public static StoredText ofData(String in, boolean standardEnd) {
        StringBuilder out = new StringBuilder();
        long contentBytes = 0;
        boolean bareLf = false;
        boolean longLines = false;
        boolean afterCrlf = true;
        int at = 0;
        while (true) {
            int lineFeed = in.indexOf('\n', at);
            if (lineFeed < 0) {
                return new StoredText("", -1, contentBytes, bareLf, longLines);
            }
            boolean crlf = lineFeed > at && in.charAt(lineFeed - 1) == '\r';
            String line = in.substring(at, crlf ? lineFeed - 1 : lineFeed).replace('\r', ' ');
            at = lineFeed + 1;
            bareLf |= !crlf;
            if (line.equals(".")
                    && in.charAt(at - 2 - (crlf ? 1 : 0)) == '.'
                    && (!standardEnd || (crlf && afterCrlf))) {
                return new StoredText(out.append(".\r\n").toString(), at, contentBytes, bareLf, longLines);
            }
            String wire = line.equals(".") ? ".." : line;
            int content = wire.length() - (wire.startsWith(".") ? 1 : 0);
            contentBytes += content + 2;
            longLines |= content > 998;
            out.append(wire).append("\r\n");
            afterCrlf = crlf;
        }
    }

    /** The stored wire form of lines without their ends. */
    public static String encode(Iterable<String> lines) {
        StringBuilder out = new StringBuilder();
        for (String line : lines) {
            out.append(line.startsWith(".") ? "." : "").append(line).append("\r\n");
        }
        return out.append(".\r\n").toString();
    }
}
