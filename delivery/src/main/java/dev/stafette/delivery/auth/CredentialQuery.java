// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.auth;

import dev.stafette.codec.address.MailAddress;
import java.util.List;

/**
 * At which server somebody has to log in.
 * Thread: any (a value).
 *
 * @param nextHop as the route has it, such as {@code [mail.isp.test]:587}
 * @param sender of the message that the session is made for
 * @param offered the server's mechanisms, in upper case
 * @param isSecure nobody on the way can read it
 * @param isVerified and the server has shown that it is the right one
 */
public record CredentialQuery(
        String host, String nextHop, MailAddress sender, List<String> offered, boolean isSecure, boolean isVerified) {}
