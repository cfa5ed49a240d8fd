// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.envelope;

/** What a sender demands of TLS on all of a message's way (RFC 8689). Thread: any. */
public enum TlsDemand {
    /** Nothing. */
    NONE,
    /** {@code REQUIRETLS} of MAIL (§2): no server gets it but by TLS, and none that may pass it on otherwise. */
    REQUIRED,
    /** {@code TLS-Required: No} in the header (§3): it is to arrive, whatever domains publish of their TLS. */
    WAIVED
}
