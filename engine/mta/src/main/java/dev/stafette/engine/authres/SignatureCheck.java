// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.authres;

import static dev.stafette.engine.authres.SignatureVerdict.FAIL;
import static dev.stafette.engine.authres.SignatureVerdict.PASS;
import static dev.stafette.engine.authres.SignatureVerdict.PERMERROR;
import static dev.stafette.engine.authres.SignatureVerdict.POLICY;
import static dev.stafette.engine.authres.SignatureVerdict.TEMPERROR;

import dev.stafette.codec.dkim.PublicKeyRecord;
import dev.stafette.codec.dkim.ReceivedSignature;
import dev.stafette.codec.dkim.SignatureAlgorithm;
import dev.stafette.engine.dkim.VerifyingKey;
import dev.stafette.engine.names.NameAnswer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether signatures hold (RFC 6376 §6.1).
 * Thread: any; it takes a processor for a while.
 *
 * @param nowS seconds since 1970
 */
record SignatureCheck(VerificationSettings settings, Map<String, NameAnswer> keys, long nowS) {
    /** Clocks differ. */
    private static final long LEEWAY_S = 300;

    /** What came of a key and the bytes under it. */
    record Outcome(String result, String comment) {}

    SignatureVerdict check(ReceivedSignature signature, Evidence evidence) {
        if (!signature.mistake().isEmpty()) {
            return new SignatureVerdict(signature, PERMERROR, signature.mistake());
        }
        Outcome outcome = outcome(signature, evidence);
        return new SignatureVerdict(signature, outcome.result(), outcome.comment());
    }

    private Outcome outcome(ReceivedSignature signature, Evidence evidence) {
        if (evidence.fromCount() > signature.count("From")) {
            // RFC 6376 §8.15: people see one that nobody has signed.
            return new Outcome(POLICY, "a From that is not signed");
        }
        return outcomeOf(signature, evidence.hashes());
    }

    /** As above, for the message signature of ARC, too. */
    Outcome outcomeOf(ReceivedSignature signature, BodyHashes hashes) {
        if (signature.expiresS() >= 0 && signature.expiresS() < nowS) {
            return new Outcome(FAIL, "expired");
        }
        if (signature.signedS() > nowS + LEEWAY_S) {
            return new Outcome(FAIL, "signed in the future");
        }
        BodyHashes.Hash hash = hashes.of(signature);
        boolean isLonger = signature.coveredBytes() > hash.canonicalBytes();
        if (isLonger || !Arrays.equals(hash.digest(), signature.bodyHash())) {
            return new Outcome(FAIL, isLonger ? "the body is shorter than signed" : "body hash did not verify");
        }
        Outcome holds = outcome(
                signature.keyName(), signature.algorithm(), List.of(signature.signedBytes()), signature.signature());
        if (holds.result().equals(PASS)
                && !signature.coversAll()
                && signature.coveredBytes() < hash.canonicalBytes()
                && !settings.acceptsPartialBody()) {
            return new Outcome(POLICY, "only " + signature.coveredBytes() + " bytes of the body are signed");
        }
        if (holds.result().equals(PASS) && isOfOther(signature)) {
            return new Outcome(PERMERROR, "the key is not for i=" + signature.identity());
        }
        return holds;
    }

    /** Of a subdomain, where the key is for the very domain (RFC 6376 §3.6.1, {@code t=s}). */
    private boolean isOfOther(ReceivedSignature signature) {
        NameAnswer answer = keys.get(signature.keyName());
        String identity = signature.identity();
        return answer != null
                && !identity.isEmpty()
                && PublicKeyRecord.of(answer.records()).isStrict()
                && !identity.substring(identity.lastIndexOf('@') + 1).equalsIgnoreCase(signature.domain());
    }

    /** Of bytes that are signed with the key of that name. */
    Outcome outcome(String keyName, @Nullable SignatureAlgorithm algorithm, List<byte[]> signed, byte[] signature) {
        NameAnswer answer = keys.get(keyName);
        if (answer == null || answer.isUnavailable()) {
            return new Outcome(TEMPERROR, "no answer for the key");
        }
        if (!answer.isFound()) {
            return new Outcome(PERMERROR, "no key at " + keyName);
        }
        PublicKeyRecord published = PublicKeyRecord.of(answer.records());
        if (!published.mistake().isEmpty()) {
            return new Outcome(PERMERROR, published.mistake());
        }
        if (published.algorithm() != algorithm) {
            return new Outcome(PERMERROR, "the key is for " + published.algorithm());
        }
        VerifyingKey key;
        try {
            key = VerifyingKey.of(published);
        } catch (GeneralSecurityException e) {
            return new Outcome(PERMERROR, String.valueOf(e.getMessage()));
        }
        if (algorithm == SignatureAlgorithm.RSA_SHA256 && key.bits() < settings.rsaBitsMin()) {
            // RFC 8301 §3.2.
            return new Outcome(POLICY, "the key has " + key.bits() + " bits");
        }
        if (!key.holds(signed, signature)) {
            return new Outcome(FAIL, "signature did not verify");
        }
        return new Outcome(PASS, key.bits() + "-bit key" + (published.isTesting() ? ", testing" : ""));
    }
}
