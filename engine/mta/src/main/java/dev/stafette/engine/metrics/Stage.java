// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.metrics;

/** What is timed, in the order a message passes it. */
public enum Stage {
    /** A handshake with a client, from its start to the keys. */
    TLS_IN("tls-in"),
    /** The same, where the client went on with an earlier session. */
    TLS_IN_RESUMED("tls-in-resumed"),
    /** From the MAIL command to its reply. */
    MAIL("mail"),
    /** From the RCPT command to its reply. */
    RCPT("rcpt"),
    /** From the DATA command to its reply. */
    DATA("data"),
    /** From the end of the content to the reply, which waits for the disk. */
    END_OF_DATA("end-of-data"),
    /** From MAIL to the 250 behind the content, durable. */
    ACCEPT("accept"),
    /** One group commit: bodies and journal, for all that waited. */
    SYNC("sync"),
    /** From durable to the start of the first attempt. */
    QUEUE_WAIT("queue-wait"),
    /** DNS, connection, greeting and EHLO; reused connections do not count. */
    CONNECT("connect"),
    /** A handshake with a server, which is a part of that. */
    TLS_OUT("tls-out"),
    /** The same, where the server let us go on with an earlier session. */
    TLS_OUT_RESUMED("tls-out-resumed"),
    /** From MAIL to the last reply of the remote server. */
    TRANSMISSION("transmission"),
    /** One attempt, from its start to its outcome. */
    DELIVERY("delivery"),
    /** From the arrival to the final outcome of a recipient. */
    ACCEPT_TO_FINAL("accept-to-final");

    private final String text;

    Stage(String text) {
        this.text = text;
    }

    /** As it is shown and as histograms are tagged. */
    public String text() {
        return text;
    }
}
