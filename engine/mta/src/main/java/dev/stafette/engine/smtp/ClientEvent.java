// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

/** What is rate-limited for each client in {@code anvil_rate_time_unit}. Thread: any. */
enum ClientEvent {
    CONNECTION("Connection rate", "connection"),
    MESSAGE("Message delivery request rate", "message"),
    RECIPIENT("Recipient address rate", "recipient"),
    AUTH("AUTH command rate", "auth"),
    /** Sessions that are resumed do not count. */
    NEW_TLS("New TLS session rate", "newtls");

    private final String text;
    private final String peakText;

    ClientEvent(String text, String peakText) {
        this.text = text;
        this.peakText = peakText;
    }

    /** What anvil's statistics call it. */
    String peakText() {
        return peakText;
    }

    /** What the log calls it. */
    String text() {
        return text;
    }
}
