// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Where ours answers otherwise than Postfix 3.7, and shall. All there is of it.
 *
 * @param why the reason
 * @param lines those that are concerned, one char a byte
 */
record Deliberate(String why, Pattern lines) {
    private static final List<Deliberate> LIST = List.of(
            of("a number with a zero in front is octal to some who read an address literal", "\\[(.*\\.)?0[0-9].*"),
            of(
                    "control characters are in no address, and are not said back to the client",
                    ".*[\\x00-\\x08\\x0b-\\x1f\\x7f].*"),
            of("what is said back is cut, as a reply has 512 bytes at most (RFC 5321 §4.5.3.1.5)", ".{480,}"),
            of(
                    "the type of an original recipient goes on as it is, so that it must be printable ASCII",
                    ".*ORCPT=[^;]*[^!-~;][^;]*;.*"),
            of("what is no UTF-8 is in no address, and is not said back", ".*[\\x80-\\xff].*\\\\.*"));

    private static Deliberate of(String why, String lines) {
        return new Deliberate(why, Pattern.compile(".*?" + lines, Pattern.DOTALL));
    }

    static boolean concerns(String line) {
        return LIST.stream().anyMatch(one -> one.lines.matcher(line).matches());
    }
}
