// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

/** Keys, certificates or lists cannot be used; the message says which, and why. Thread: any. */
public final class TlsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TlsException(String message) {
        super(message);
    }
}
