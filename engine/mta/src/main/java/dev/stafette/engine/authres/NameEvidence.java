// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.authres;

import dev.stafette.codec.dkim.ArcChain;
import dev.stafette.codec.dkim.ArcSet;
import dev.stafette.codec.dkim.ReceivedSignature;
import dev.stafette.engine.names.NameAnswer;
import dev.stafette.engine.names.NameQuestions;
import dev.stafette.engine.names.RecordType;
import dev.stafette.engine.spf.SpfAnswer;
import dev.stafette.engine.spf.SpfCheck;
import dev.stafette.engine.spf.SpfIdentity;
import dev.stafette.engine.table.Inquiry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the DNS says of that. Where an answer is on its way, all of it is worth nothing, and is asked again when it is there.
 * Thread: any (a value).
 *
 * @param keys by the names where they are
 * @param spf null: nobody asks
 * @param policies of the authors, in their order
 */
record NameEvidence(Map<String, NameAnswer> keys, @Nullable SpfAnswer spf, List<DmarcDomain> policies) {
    static NameEvidence ask(
            Evidence evidence, VerificationSettings settings, NameQuestions names, SpfCheck spf, Inquiry inquiry) {
        Map<String, NameAnswer> keys = new LinkedHashMap<>();
        for (ReceivedSignature signature : evidence.signatures()) {
            if (signature.mistake().isEmpty()) {
                askForKey(signature.keyName(), keys, names, inquiry);
            }
        }
        ArcChain chain = evidence.chain();
        if (chain != null && chain.mistake().isEmpty()) {
            for (ArcSet set : chain.sets()) {
                askForKey(set.keyName(), keys, names, inquiry);
            }
            if (!chain.isEmpty()) {
                askForKey(chain.sets().get(chain.count() - 1).message().keyName(), keys, names, inquiry);
            }
        }
        SpfIdentity client = evidence.client();
        SpfAnswer answer = client == null ? null : spf.check(client, inquiry);
        List<DmarcDomain> policies = new ArrayList<>();
        if (settings.asksFor(AuthenticationMethod.DMARC) && evidence.hasAuthors()) {
            for (String author : evidence.authors()) {
                policies.add(DmarcDomain.ask(author, settings.suffixes(), names, inquiry));
            }
        }
        return new NameEvidence(keys, answer, policies);
    }

    private static void askForKey(String name, Map<String, NameAnswer> keys, NameQuestions names, Inquiry inquiry) {
        if (!keys.containsKey(name)) {
            keys.put(name, names.ask(RecordType.TXT, name, inquiry));
        }
    }
}
