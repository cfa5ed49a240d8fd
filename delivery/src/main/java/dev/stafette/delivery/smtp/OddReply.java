// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.codec.smtp.SmtpReplyDecoder;

/**
 * What is said of a reply that is not as SMTP has it, in Postfix's words.
 * Thread: event loop.
 */
final class OddReply {
    private static final int LONG_TEXT_SHOWN = 30;
    private static final int NOISE_SHOWN = 100;

    private OddReply() {}

    /**
     * Once for a reply and what stands in front of it.
     *
     * @param relay who says it
     */
    static void warn(SmtpReplyDecoder reply, int lineBytesMax, String relay, ClientLog log) {
        if (reply.isCut()) {
            String start = start(reply.text(), LONG_TEXT_SHOWN);
            log.onWarning(relay + ": response longer than " + lineBytesMax + ": " + start + "...");
        }
        if (reply.isNoisy()) {
            log.onWarning("non-ESMTP response from " + relay + ": " + start(reply.text(), NOISE_SHOWN));
        }
    }

    private static String start(String text, int length) {
        return text.substring(0, Math.min(length, text.length()));
    }
}
