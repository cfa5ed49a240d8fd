// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.log;

/** What the log says became of a recipient; from DELIVERABLE on where nothing was to be delivered. */
public enum DeliveryStatus {
    SENT("sent"),
    DEFERRED("deferred"),
    BOUNCED("bounced"),
    /** Deferred by {@code soft_bounce}. */
    SOFT_BOUNCED("SOFTBOUNCE"),
    DELIVERABLE("deliverable"),
    UNDELIVERABLE("undeliverable"),
    /** As Postfix says without address_verify_negative_cache. */
    UNDELIVERABLE_NOT_CACHED("undeliverable-but-not-cached");

    private final String text;

    DeliveryStatus(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
