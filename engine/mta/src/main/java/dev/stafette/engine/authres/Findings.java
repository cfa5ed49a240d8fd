// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.authres;

import dev.stafette.codec.authres.MethodResult;
import dev.stafette.codec.authres.MethodResult.Property;
import dev.stafette.codec.dkim.ArcChain;
import dev.stafette.codec.dkim.ReceivedSignature;
import dev.stafette.engine.spf.SpfAnswer;
import dev.stafette.engine.spf.SpfIdentity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that has been found out of a message.
 * Thread: any (a value).
 *
 * @param dmarc null: nobody asked
 */
record Findings(List<MethodResult> results, @Nullable DmarcVerdict dmarc) {
    /** Where something went wrong that must not. */
    static final Findings NOTHING = new Findings(List.of(), null);

    /** Takes a processor for as long as the signatures take. {@code draw}: from 0 to 99. */
    static Findings of(Evidence evidence, NameEvidence names, VerificationSettings settings, long nowS, int draw) {
        SignatureCheck check = new SignatureCheck(settings, names.keys(), nowS);
        List<SignatureVerdict> signatures = new ArrayList<>();
        for (ReceivedSignature signature : evidence.signatures()) {
            signatures.add(check.check(signature, evidence));
        }
        List<MethodResult> results = new ArrayList<>();
        if (settings.asksFor(AuthenticationMethod.DKIM)) {
            addSignatures(signatures, evidence.leftOut(), results);
        }
        SpfAnswer spf = names.spf();
        SpfIdentity client = evidence.client();
        if (settings.asksFor(AuthenticationMethod.SPF) && spf != null && client != null) {
            results.add(told(spf, client));
        }
        DmarcVerdict dmarc = settings.asksFor(AuthenticationMethod.DMARC)
                ? DmarcVerdict.of(evidence, names, signatures, settings.suffixes(), draw)
                : null;
        if (dmarc != null) {
            results.add(dmarc.told());
        }
        ArcChain chain = evidence.chain();
        if (chain != null) {
            results.add(ChainVerdict.of(chain, check, evidence.hashes()).told());
        }
        return new Findings(results, dmarc);
    }

    private static void addSignatures(List<SignatureVerdict> signatures, int leftOut, List<MethodResult> results) {
        String method = AuthenticationMethod.DKIM.word();
        if (signatures.isEmpty()) {
            results.add(new MethodResult(method, "none", ""));
        }
        signatures.forEach(verdict -> results.add(verdict.told()));
        if (leftOut > 0) {
            results.add(new MethodResult(
                    method, SignatureVerdict.NEUTRAL, leftOut + " more signatures were not looked at"));
        }
    }

    private static MethodResult told(SpfAnswer spf, SpfIdentity client) {
        String comment = switch (spf.result()) {
            // Whoever gets the message need not know our name servers.
            case TEMPERROR -> "no answer for " + spf.domain();
            case PERMERROR -> spf.reason();
            default -> "";
        };
        return new MethodResult(
                AuthenticationMethod.SPF.word(),
                spf.result().word(),
                comment,
                client.isOfHello()
                        ? new Property("smtp.helo", client.domain())
                        : new Property("smtp.mailfrom", client.sender()));
    }

    /** For the log. */
    String summary() {
        StringBuilder out = new StringBuilder();
        for (MethodResult result : results) {
            out.append(out.length() == 0 ? "" : " ")
                    .append(result.method())
                    .append('=')
                    .append(result.result());
        }
        return out.toString();
    }
}
