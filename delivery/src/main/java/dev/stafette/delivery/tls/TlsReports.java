// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

/** Hears what comes of TLS with servers (RFC 8460). Thread: any; it does not wait. */
public interface TlsReports {
    void add(TlsEvent event);

    /** A session that goes on with the keys of an earlier one counts, too. */
    default boolean countsResumed() {
        return false;
    }
}
