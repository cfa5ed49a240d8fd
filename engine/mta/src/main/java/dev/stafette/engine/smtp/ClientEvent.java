// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.smtp;

/** What is rate-limited for each client in {@code anvil_rate_time_unit}. Thread: any. */
enum ClientEvent {
    CONNECTION("Connection rate"),
    MESSAGE("Message delivery request rate"),
    RECIPIENT("Recipient address rate");

    private final String text;

    ClientEvent(String text) {
        this.text = text;
    }

    /** What the log calls it. */
    String text() {
        return text;
    }
}
