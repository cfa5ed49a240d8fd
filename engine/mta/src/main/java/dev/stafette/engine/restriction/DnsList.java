// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.address.InternationalDomain;
import dev.stafette.engine.config.syntax.ConfigException;
import dev.stafette.engine.config.syntax.IpText;
import dev.stafette.engine.match.Ipv4Pattern;
import dev.stafette.engine.names.NameAnswer;
import dev.stafette.engine.names.NameQuestions;
import dev.stafette.engine.table.Inquiry;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A DNS list (RFC 5782) as restrictions name it: {@code domain}, or {@code domain=127.0.0.[2;4..7]} for some of its
 * entries alone.
 * Thread: any (it does not change).
 *
 * @param text as it was written
 * @param domain of the list
 * @param pattern of the entries that count; null: all
 */
record DnsList(String text, String domain, @Nullable Ipv4Pattern pattern, NameQuestions names) {
    private static final String HEX = "0123456789abcdef";

    /** Throws a ConfigException for a pattern that is none. */
    static DnsList parse(String text, NameQuestions names) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            return new DnsList(text, text, null, names);
        }
        try {
            return new DnsList(text, text.substring(0, equals), Ipv4Pattern.parse(text.substring(equals + 1)), names);
        } catch (ConfigException e) {
            throw new ConfigException("DNS list \"" + text + "\": " + e.getMessage());
        }
    }

    /** Found: its records end with the reason. */
    NameAnswer find(InetAddress address, Inquiry inquiry) {
        return matching(names.askList(reversed(address) + domain, inquiry));
    }

    /** {@code name}: a host name or mail address; what has no domain that a list could have is in none. */
    NameAnswer find(String name, Inquiry inquiry) {
        String key = name.substring(name.lastIndexOf('@') + 1);
        if (key.isEmpty() || key.charAt(0) == '[' || endsInNumber(key)) {
            return NameAnswer.NOT_FOUND;
        }
        String ascii = InternationalDomain.toAscii(key);
        return ascii == null || !HeloName.isName(ascii, false)
                ? NameAnswer.NOT_FOUND
                : matching(names.askList(ascii + '.' + domain, inquiry));
    }

    private NameAnswer matching(NameAnswer answer) {
        Ipv4Pattern wanted = pattern;
        if (wanted == null || !answer.isFound()) {
            return answer;
        }
        List<String> addresses = answer.records().subList(0, answer.records().size() - 1);
        return addresses.stream().anyMatch(wanted::matches) ? answer : NameAnswer.NOT_FOUND;
    }

    /** Some lists of domains answer "no addresses" to all that ends like one. */
    private static boolean endsInNumber(String name) {
        String last = name.substring(name.lastIndexOf('.') + 1);
        return !last.isEmpty() && last.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** RFC 5782 §2.1, §2.4: octets or hexadecimal digits, the last first, each with a dot behind it. */
    private static String reversed(InetAddress address) {
        byte[] bytes = address.getAddress();
        StringBuilder name = new StringBuilder(64);
        for (int i = bytes.length - 1; i >= 0; i--) {
            if (bytes.length == 4) {
                name.append(bytes[i] & 0xff).append('.');
            } else {
                name.append(HEX.charAt(bytes[i] & 0xf)).append('.');
                name.append(HEX.charAt(bytes[i] >> 4 & 0xf)).append('.');
            }
        }
        return name.toString();
    }

    /** What a list has no answer to, for the log. */
    String complaint(NameAnswer answer, String what) {
        InetAddress address = IpText.parse(what);
        String key = address == null ? what.substring(what.lastIndexOf('@') + 1) + '.' : reversed(address);
        return key + domain + ": RBL lookup error: " + answer.why();
    }
}
