// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.authres;

import dev.stafette.codec.authres.MethodResult;
import dev.stafette.codec.dkim.ArcChain;
import dev.stafette.codec.dkim.ArcSet;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a chain of seals holds (RFC 8617 §5.2).
 * Thread: any (a value).
 *
 * @param result {@code none}, {@code pass} or {@code fail}; {@code temperror} where the DNS has no answer
 */
record ChainVerdict(String result, String comment, ArcChain chain) {
    static ChainVerdict of(ArcChain chain, SignatureCheck check, BodyHashes hashes) {
        if (chain.isEmpty()) {
            return new ChainVerdict("none", "", chain);
        }
        if (!chain.mistake().isEmpty()) {
            return new ChainVerdict(SignatureVerdict.FAIL, chain.mistake(), chain);
        }
        ArcSet newest = chain.sets().get(chain.count() - 1);
        SignatureCheck.Outcome message = check.outcomeOf(newest.message(), hashes);
        if (!message.result().equals(SignatureVerdict.PASS)) {
            return failed("message signature", newest, message, chain);
        }
        for (int last = chain.count(); last > 0; last--) {
            ArcSet set = chain.sets().get(last - 1);
            List<byte[]> signed = new ArrayList<>();
            chain.sets().subList(0, last - 1).forEach(older -> signed.add(older.whole()));
            signed.add(set.unsealed());
            SignatureCheck.Outcome seal = check.outcome(set.keyName(), set.algorithm(), signed, set.seal());
            if (!seal.result().equals(SignatureVerdict.PASS)) {
                return failed("seal", set, seal, chain);
            }
        }
        return new ChainVerdict(SignatureVerdict.PASS, "i=" + chain.count(), chain);
    }

    private static ChainVerdict failed(String what, ArcSet set, SignatureCheck.Outcome outcome, ArcChain chain) {
        boolean isTemporary = outcome.result().equals(SignatureVerdict.TEMPERROR);
        return new ChainVerdict(
                isTemporary ? SignatureVerdict.TEMPERROR : SignatureVerdict.FAIL,
                what + " i=" + set.instance() + ": " + outcome.comment(),
                chain);
    }

    MethodResult told() {
        return new MethodResult(AuthenticationMethod.ARC.word(), result, comment);
    }
}
