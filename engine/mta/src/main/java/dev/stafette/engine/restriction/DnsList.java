// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import dev.stafette.codec.address.InternationalDomain;
import dev.stafette.engine.config.syntax.IpText;
import dev.stafette.engine.names.DnsListFilter;
import dev.stafette.engine.names.NameAnswer;
import dev.stafette.engine.names.NameQuestions;
import dev.stafette.engine.table.Inquiry;
import java.net.InetAddress;

/**
 * A DNS list as restrictions ask it.
 * Thread: any (it does not change).
 */
record DnsList(DnsListFilter filter, NameQuestions names) {
    /** Throws a ConfigException for a pattern that is none. */
    static DnsList parse(String text, NameQuestions names) {
        return new DnsList(DnsListFilter.parse(text), names);
    }

    /** As it was written. */
    String text() {
        return filter.text();
    }

    String domain() {
        return filter.domain();
    }

    /** Whether only some of its entries count. */
    boolean isFiltered() {
        return filter.pattern() != null;
    }

    /** Found: its records end with the reason. */
    NameAnswer find(InetAddress address, Inquiry inquiry) {
        return matching(names.askList(DnsListFilter.reversed(address) + domain(), inquiry));
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
                : matching(names.askList(ascii + '.' + domain(), inquiry));
    }

    private NameAnswer matching(NameAnswer answer) {
        return !answer.isFound()
                        || filter.matches(
                                answer.records().subList(0, answer.records().size() - 1))
                ? answer
                : NameAnswer.NOT_FOUND;
    }

    /** Some lists of domains answer "no addresses" to all that ends like one. */
    private static boolean endsInNumber(String name) {
        String last = name.substring(name.lastIndexOf('.') + 1);
        return !last.isEmpty() && last.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** What a list has no answer to, for the log. */
    String complaint(NameAnswer answer, String what) {
        InetAddress address = IpText.parse(what);
        String key =
                address == null ? what.substring(what.lastIndexOf('@') + 1) + '.' : DnsListFilter.reversed(address);
        return key + domain() + ": RBL lookup error: " + answer.why();
    }
}
