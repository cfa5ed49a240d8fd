// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dkim;

/**
 * What a signature says of itself (RFC 6376 §3.5).
 * Thread: any (a value).
 *
 * @param domain {@code d=}, in lower case
 * @param selector {@code s=}
 * @param signedS {@code t=}, seconds since 1970
 * @param expiresS {@code x=}; 0: never
 */
public record SignatureTags(
        SignatureAlgorithm algorithm,
        Canonicalization body,
        String domain,
        String selector,
        long signedS,
        long expiresS) {}
