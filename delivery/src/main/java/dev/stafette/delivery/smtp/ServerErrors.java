// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.smtp;

import dev.stafette.codec.address.MailAddress;
import java.util.List;

/**
 * Is told of sessions in which a server has misbehaved, or something of ours that it depended on.
 * Thread: an outbound event loop; it must not block.
 */
public interface ServerErrors {
    void onErrors(Told session);

    /**
     * One message's part of a session.
     *
     * @param relay the server, as the log has it
     * @param sender of the message
     * @param hasProtocolError the server has said what is no SMTP, or that we have
     * @param hasDataError a table did not answer
     * @param transcript what was said, without the content: lines that begin with {@code In:} are the server's
     */
    record Told(
            String relay,
            MailAddress sender,
            boolean hasProtocolError,
            boolean hasDataError,
            List<String> transcript) {}
}
