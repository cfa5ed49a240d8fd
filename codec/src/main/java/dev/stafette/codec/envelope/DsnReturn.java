// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.envelope;

/** What a failure report returns of the message (RFC 3461 §4.3). */
public enum DsnReturn {
    UNSPECIFIED,
    FULL,
    HDRS
}
