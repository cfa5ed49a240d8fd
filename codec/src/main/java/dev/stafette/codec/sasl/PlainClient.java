// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.sasl;

import org.jspecify.annotations.Nullable;

/** PLAIN (RFC 4616). Thread: that of the session. */
record PlainClient(String authorization, String user, String password) implements SaslClient {
    @Override
    public byte[] initialResponse() {
        return new PlainMessage(authorization, user, password).format();
    }

    @Override
    public byte @Nullable [] respond(byte[] challenge) {
        return challenge.length == 0 ? initialResponse() : null;
    }
}
