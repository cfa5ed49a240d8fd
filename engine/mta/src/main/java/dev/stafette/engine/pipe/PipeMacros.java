// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.pipe;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.MessageOrigin;
import dev.stafette.codec.envelope.OriginLogin;
import dev.stafette.delivery.DeliveryRequest;
import dev.stafette.engine.config.Expansion;
import dev.stafette.engine.rewrite.AddressKeys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a program: what its row says, with what a request says in the place of macros. An argument that speaks of a
 * recipient stands there once for each.
 * Thread: any (it does not change).
 */
final class PipeMacros {
    private static final Set<String> OF_RECIPIENT =
            Set.of("recipient", "original_recipient", "user", "extension", "mailbox", "domain");

    private static final Set<String> OF_MESSAGE = Set.of(
            "nexthop",
            "sender",
            "size",
            "client_address",
            "client_hostname",
            "client_port",
            "client_protocol",
            "client_helo",
            "sasl_method",
            "sasl_username",
            "sasl_sender",
            "queue_id",
            "envid");

    private final AddressForm form;
    private final AddressKeys keys;

    PipeMacros(AddressForm form, AddressKeys keys) {
        this.form = form;
        this.keys = keys;
    }

    /** The first macro, or mistake, in these words that is none of ours; null: all are. */
    static @Nullable String stranger(List<String> words) {
        List<String> strangers = new ArrayList<>();
        for (String word : words) {
            Expansion.scan(
                    word,
                    name -> {
                        if (!OF_RECIPIENT.contains(name) && !OF_MESSAGE.contains(name)) {
                            strangers.add("unknown macro name: \"" + name + '"');
                        }
                    },
                    strangers);
        }
        return strangers.isEmpty() ? null : strangers.get(0);
    }

    /** {@code sender}: what stands for it. */
    List<String> expand(List<String> words, DeliveryRequest request, MailAddress sender) {
        Map<String, String> known = ofMessage(request, sender);
        List<String> expanded = new ArrayList<>();
        for (String word : words) {
            if (speaksOfRecipient(word)) {
                for (int index : request.recipients()) {
                    known.putAll(ofRecipient(request.envelope().recipients().get(index)));
                    expanded.add(expand(word, known));
                }
            } else {
                expanded.add(expand(word, known));
            }
        }
        return expanded;
    }

    private static boolean speaksOfRecipient(String word) {
        List<String> found = new ArrayList<>();
        Expansion.scan(
                word,
                name -> {
                    if (OF_RECIPIENT.contains(name)) {
                        found.add(name);
                    }
                },
                new ArrayList<>());
        return !found.isEmpty();
    }

    /** Values are not expanded again: addresses may have any character. */
    private static String expand(String word, Map<String, String> known) {
        return Expansion.expand(word, name -> {
            String value = known.get(name);
            return value == null ? null : value.replace("$", "$$");
        });
    }

    private Map<String, String> ofMessage(DeliveryRequest request, MailAddress sender) {
        Envelope envelope = request.envelope();
        Map<String, String> known = new HashMap<>();
        known.put("nexthop", form.domain(request.nextHop()));
        known.put("sender", form.sender(sender));
        known.put("size", String.valueOf(request.body().sizeBytes()));
        known.put("queue_id", request.queueId());
        put(known, "envid", envelope.envelopeId());
        MessageOrigin kept = envelope.origin();
        if (kept != null) {
            MessageOrigin origin = kept.forPrograms();
            put(known, "client_address", origin.address());
            put(known, "client_hostname", origin.name());
            put(known, "client_port", origin.port());
            put(known, "client_protocol", origin.protocol());
            put(known, "client_helo", origin.helo());
            OriginLogin login = origin.login();
            if (login != null) {
                put(known, "sasl_method", login.method());
                put(known, "sasl_username", login.user());
                put(known, "sasl_sender", login.sender());
            }
        }
        return known;
    }

    private static void put(Map<String, String> known, String name, @Nullable String value) {
        if (value != null) {
            known.put(name, value);
        }
    }

    private Map<String, String> ofRecipient(EnvelopeRecipient recipient) {
        MailAddress address = recipient.address();
        String localPart = form.localPart(address);
        int userLength = keys.userLength(localPart);
        String given = recipient.givenAddress();
        return Map.of(
                "recipient",
                form.whole(address),
                "original_recipient",
                given == null ? form.whole(address) : form.whole(addressOf(given)),
                "user",
                localPart.substring(0, userLength),
                "extension",
                userLength == localPart.length() ? "" : localPart.substring(userLength + 1),
                "mailbox",
                localPart,
                "domain",
                form.domain(address.domain()));
    }

    /** Of an address in its quoted form. */
    private static MailAddress addressOf(String external) {
        int at = external.lastIndexOf('@');
        String local = at < 0 ? external : external.substring(0, at);
        boolean isQuoted = local.length() > 1 && local.startsWith("\"") && local.endsWith("\"");
        String plain = isQuoted ? local.substring(1, local.length() - 1).replaceAll("\\\\(.)", "$1") : local;
        return MailAddress.of(plain, at < 0 ? "" : external.substring(at + 1));
    }
}
