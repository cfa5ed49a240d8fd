// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.rewrite;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.match.NameList;
import dev.stafette.engine.table.TableAnswer;
import java.util.List;
import java.util.Locale;

/**
 * Hides the hosts of a site behind its domain: {@code user@host.site.test} becomes {@code user@site.test}.
 * Thread: any (it does not change).
 */
final class Masquerade implements AddressExchange {
    private final List<String> domains;
    private final NameList exceptions;

    /**
     * @param domains masquerade_domains: the first that fits counts, and {@code !} before it says that its hosts are shown
     * @param exceptions users who stay as they are
     */
    Masquerade(List<String> domains, NameList exceptions) {
        this.domains = List.copyOf(domains);
        this.exceptions = exceptions;
    }

    @Override
    public MailAddress exchange(MailAddress address, MappingRun run) {
        String domain = address.domain();
        for (int i = 0; i < domains.size(); i++) {
            String hiding = domains.get(i);
            int bangs = 0;
            while (bangs < hiding.length() && hiding.charAt(bangs) == '!') {
                bangs++;
            }
            int rest = domain.length() - (hiding.length() - bangs);
            if (rest >= 0
                    && hiding.length() > bangs
                    && (rest == 0 || domain.charAt(rest - 1) == '.')
                    && domain.regionMatches(true, rest, hiding, bangs, hiding.length() - bangs)) {
                boolean hides = rest > 0 && (bangs & 1) == 0 && !isException(address, run);
                return hides ? MailAddress.of(address.localPart(), hiding.substring(bangs)) : address;
            }
        }
        return address;
    }

    private boolean isException(MailAddress address, MappingRun run) {
        TableAnswer found = exceptions.find(address.localPart().toLowerCase(Locale.ROOT), run.inquiry());
        if (found.isUnavailable()) {
            run.onUnavailable("masquerade_exceptions", address.external(), found);
        }
        return found.isFound();
    }
}
