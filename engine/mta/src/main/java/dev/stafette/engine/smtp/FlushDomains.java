// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.DomainList;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.table.Finding;
import dev.stafette.engine.table.Inquiry;
import org.jspecify.annotations.Nullable;

/**
 * Domains that ETRN may ask for ({@code fast_flush_domains}): as in Postfix, the server asks its own list first, and then
 * whoever keeps the mail asks that of main.cf.
 * Thread: any (a value).
 *
 * @param ofQueue null: it is the same list
 */
record FlushDomains(DomainList ofServer, @Nullable DomainList ofQueue) {
    private static final String PARAMETER = "fast_flush_domains";

    /** {@code own}: of the row. {@code settings}: of main.cf. */
    static FlushDomains of(Settings own, Settings settings, ListTables tables) {
        boolean isSame = own.text(PARAMETER).equals(settings.text(PARAMETER));
        return new FlushDomains(own.domains(PARAMETER, tables), isSame ? null : settings.domains(PARAMETER, tables));
    }

    /** The domain is in lower case. */
    Finding find(String domain, Inquiry inquiry) {
        Finding here = ofServer.find(domain, inquiry);
        return here == Finding.FOUND && ofQueue != null ? ofQueue.find(domain, inquiry) : here;
    }
}
