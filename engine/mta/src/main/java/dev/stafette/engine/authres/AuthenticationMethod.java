// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.authres;

import java.util.Locale;

/** The ways to prove something (RFC 8601 §2.7). Thread: any. */
enum AuthenticationMethod {
    DKIM,
    SPF,
    DMARC,
    ARC;

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
