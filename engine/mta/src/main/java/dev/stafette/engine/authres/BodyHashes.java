// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.authres;

import dev.stafette.codec.dkim.BodyHash;
import dev.stafette.codec.dkim.Canonicalization;
import dev.stafette.codec.dkim.ReceivedSignature;
import io.netty.buffer.ByteBuf;
import java.util.HashMap;
import java.util.Map;

/**
 * The hashes of a body that the signatures of a message want, each once, while it comes in.
 * Thread: event loop until {@link #end}; then any.
 */
final class BodyHashes {
    private record Kind(Canonicalization form, long coveredBytes) {}

    /**
     * A hash, and how long the whole canonical body is.
     *
     * @param canonicalBytes of all of it, whatever was covered
     */
    record Hash(byte[] digest, long canonicalBytes) {}

    private final Map<Kind, BodyHash> running = new HashMap<>();
    private final Map<Kind, Hash> ended = new HashMap<>();

    void want(ReceivedSignature signature) {
        Kind kind = kind(signature);
        running.computeIfAbsent(kind, unused -> new BodyHash(kind.form(), kind.coveredBytes()));
    }

    private static Kind kind(ReceivedSignature signature) {
        return new Kind(signature.body(), signature.coversAll() ? Long.MAX_VALUE : signature.coveredBytes());
    }

    boolean isEmpty() {
        return running.isEmpty();
    }

    void add(ByteBuf piece) {
        for (BodyHash hash : running.values()) {
            hash.add(piece);
        }
    }

    void end() {
        running.forEach((kind, hash) -> {
            byte[] digest = hash.end();
            ended.put(kind, new Hash(digest, hash.canonicalBytes()));
        });
        running.clear();
    }

    /** Of a signature that wanted one. */
    Hash of(ReceivedSignature signature) {
        Hash hash = ended.get(kind(signature));
        if (hash == null) {
            throw new IllegalStateException("a hash that nobody wanted");
        }
        return hash;
    }
}
