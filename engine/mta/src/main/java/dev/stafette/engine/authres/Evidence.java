// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.authres;

import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.address.InternationalDomain;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.dkim.ArcChain;
import dev.stafette.codec.dkim.ArcSet;
import dev.stafette.codec.dkim.MessageSignature;
import dev.stafette.codec.dkim.ReceivedSignature;
import dev.stafette.codec.message.HeaderFields;
import dev.stafette.codec.message.HeaderName;
import dev.stafette.engine.intake.Arrival;
import dev.stafette.engine.intake.SendingClient;
import dev.stafette.engine.spf.SpfIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a message says of itself, taken from its header as it came.
 * Thread: any (it does not change), but for the hashes.
 *
 * @param signatures those that are looked at, in their order
 * @param leftOut signatures that are not
 * @param authors domains in From, each once
 * @param fromCount fields of that name
 * @param chain null: nobody asks
 * @param client null: nobody asks
 */
record Evidence(
        List<ReceivedSignature> signatures,
        int leftOut,
        List<String> authors,
        int fromCount,
        @Nullable ArcChain chain,
        @Nullable SpfIdentity client,
        BodyHashes hashes) {
    /** Of what the signatures of one message cover, all together: each has a copy of its part of the header. */
    static final int SIGNED_BYTES_MAX = 1 << 20;

    /** RFC 7489 §6.6.1: more than a person would write are not one message's authors. */
    static final int AUTHORS_MAX = 5;

    private static final int WORDS_MAX = 1000;

    static Evidence of(HeaderFields header, Arrival arrival, SendingClient client, VerificationSettings settings) {
        List<ReceivedSignature> signatures = new ArrayList<>();
        int leftOut = settings.needsDkim() ? takeSignatures(header, settings.signaturesMax(), signatures) : 0;
        ArcChain chain = settings.asksFor(AuthenticationMethod.ARC) ? ArcChain.of(header) : null;
        List<String> authors = new ArrayList<>();
        int fromCount = 0;
        for (int i = header.find(HeaderName.FROM, 0); i >= 0; i = header.find(HeaderName.FROM, i + 1)) {
            fromCount++;
            if (authors.size() <= AUTHORS_MAX) {
                addAuthors(header.value(i), authors);
            }
        }
        BodyHashes hashes = new BodyHashes();
        signatures.stream().filter(signature -> signature.mistake().isEmpty()).forEach(hashes::want);
        if (chain != null && chain.mistake().isEmpty() && !chain.isEmpty()) {
            ArcSet newest = chain.sets().get(chain.count() - 1);
            hashes.want(newest.message());
        }
        return new Evidence(
                signatures,
                leftOut,
                authors,
                fromCount,
                chain,
                settings.needsSpf()
                        ? SpfIdentity.of(
                                client.address(),
                                client.helo(),
                                arrival.envelope().sender())
                        : null,
                hashes);
    }

    /** Returns how many there are beyond those that are looked at. */
    private static int takeSignatures(HeaderFields header, int signaturesMax, List<ReceivedSignature> signatures) {
        int leftOut = 0;
        long bytes = 0;
        for (int i = header.find(MessageSignature.FIELD, 0); i >= 0; i = header.find(MessageSignature.FIELD, i + 1)) {
            if (signatures.size() == signaturesMax || bytes > SIGNED_BYTES_MAX) {
                leftOut++;
                continue;
            }
            ReceivedSignature signature = ReceivedSignature.of(header, i);
            bytes += signature.signedBytes().length;
            signatures.add(signature);
        }
        return leftOut;
    }

    private static void addAuthors(String value, List<String> authors) {
        for (AddressList.Item item : AddressList.parse(value, WORDS_MAX, AUTHORS_MAX + 1)) {
            MailAddress author = AddressList.split(item.address());
            String domain = InternationalDomain.toAscii(author.domain());
            String name = (domain == null ? author.domain() : domain).toLowerCase(Locale.ROOT);
            if (!name.isEmpty() && !authors.contains(name)) {
                authors.add(name);
            }
        }
    }

    /** DMARC can be asked about them. */
    boolean hasAuthors() {
        return !authors.isEmpty() && authors.size() <= AUTHORS_MAX;
    }
}
