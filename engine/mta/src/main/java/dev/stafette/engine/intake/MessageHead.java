// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.intake;

import dev.stafette.codec.message.HeaderScanner;
import dev.stafette.codec.message.MailDate;
import io.netty.buffer.ByteBuf;

/**
 * The first part of a message on its way through the steps: what stands in its header, and what is put in front.
 * Thread: event loop; for the duration of the steps.
 *
 * @param headerEnd how the header ended within {@code content}
 * @param prefix fields are appended here; it goes before the content
 * @param content borrowed, in the stored wire form; a step may replace what is in it
 */
record MessageHead(
        Arrival arrival,
        IntakeSettings settings,
        HeaderScanner header,
        HeaderScanner.Result headerEnd,
        MailDate date,
        ByteBuf prefix,
        ByteBuf content) {
    boolean lacksBlankLine() {
        return headerEnd == HeaderScanner.Result.END_WITHOUT_BLANK_LINE;
    }
}
