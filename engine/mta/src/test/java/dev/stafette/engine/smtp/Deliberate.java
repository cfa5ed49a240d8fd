// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Where ours answers otherwise than Postfix 3.7 to MAIL and RCPT, and shall. All there is of it.
 *
 * @param why the reason
 * @param lines those that are concerned, one char a byte
 */
record Deliberate(String why, Predicate<String> lines) {
    private static final List<Deliberate> LIST = List.of(
            of("a number with a zero in front is octal to some who read an address literal", "\\[(.*\\.)?0[0-9]"),
            of("an IPv6 address has eight groups, or a gap that stands for some", "\\[(?i:ipv6:)(?!.*::)"),
            of("control characters are in no address, and are not said back", "[\\x00-\\x08\\x0b-\\x1f\\x7f]"),
            of("what is said back is cut, as a reply has 512 bytes at most (RFC 5321 §4.5.3.1.5)", ".{480}"),
            of("the type of an original recipient goes on as it is: printable ASCII", "ORCPT=[^;]*[^!-~;][^;]*;"),
            new Deliberate("what is no UTF-8 is in no address, and is not said back", line -> !isUtf8(line)));

    private static Deliberate of(String why, String anywhere) {
        return new Deliberate(why, Pattern.compile(anywhere, Pattern.DOTALL).asPredicate());
    }

    private static boolean isUtf8(String latin1) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(latin1.getBytes(StandardCharsets.ISO_8859_1)));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    static boolean concerns(String line) {
        return LIST.stream().anyMatch(one -> one.lines.test(line));
    }
}
