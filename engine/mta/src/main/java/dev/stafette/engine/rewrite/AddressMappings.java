// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.rewrite;

import dev.stafette.codec.address.MailAddress;
import dev.stafette.codec.envelope.DsnNotify;
import dev.stafette.codec.envelope.Envelope;
import dev.stafette.codec.envelope.EnvelopeRecipient;
import dev.stafette.codec.envelope.RecipientList;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.match.ListTables;
import dev.stafette.engine.match.NameList;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of complete addresses as cleanup(8) has it: the maps that exchange, add and multiply them.
 * Thread: any (it does not change).
 *
 * <pre>
 * envelope sender     sender_canonical_maps, canonical_maps, masquerade_domains
 * envelope recipient  recipient_canonical_maps, canonical_maps, masquerade_domains → virtual_alias_maps → each once
 * automatic copies    sender_bcc_maps, recipient_bcc_maps, always_bcc → as a recipient, but for those who get it anyway
 * in the header       the same as in the envelope, but for aliases and copies
 * </pre>
 */
public final class AddressMappings {
    /** For mail that no map touches. */
    public static final AddressMappings NONE =
            new AddressMappings(List.of(), null, null, new Duplicates(0, true), null);

    /** Of one message: each of its recipients may stand for virtual_alias_expansion_limit of them. */
    static final int RECIPIENTS_MAX = 100_000;

    private static final String PROPAGATE = "propagate_unmatched_extensions";

    private final List<List<AddressExchange>> exchanges = new ArrayList<>();
    private final @Nullable AutomaticCopies copies;
    private final @Nullable AliasExpansion aliases;
    private final Duplicates duplicates;
    private final @Nullable AddressRewriter addresses;

    /** An exchange, and where it is made. */
    record Exchange(AddressExchange exchange, Set<AddressUse> uses) {}

    /**
     * Which recipients are the same.
     *
     * @param rememberedMax duplicate_filter_limit
     * @param keepsGiven enable_original_recipient
     */
    record Duplicates(int rememberedMax, boolean keepsGiven) {}

    AddressMappings(
            List<Exchange> inOrder,
            @Nullable AutomaticCopies copies,
            @Nullable AliasExpansion aliases,
            Duplicates duplicates,
            @Nullable AddressRewriter addresses) {
        for (AddressUse use : AddressUse.values()) {
            exchanges.add(inOrder.stream()
                    .filter(one -> one.uses().contains(use))
                    .map(Exchange::exchange)
                    .toList());
        }
        this.copies = copies;
        this.aliases = aliases;
        this.duplicates = duplicates;
        this.addresses = addresses;
    }

    /** @param addresses completes what tables say */
    public static AddressMappings of(
            Settings settings, AddressKeys keys, AddressRewriter addresses, ListTables tables) {
        checkExtensions(settings);
        List<Exchange> inOrder = new ArrayList<>();
        for (String name : List.of("sender_canonical_maps", "recipient_canonical_maps", "canonical_maps")) {
            AddressMap map = AddressMap.of(name, "canonical", settings, keys, addresses, tables);
            if (!map.isEmpty()) {
                inOrder.add(new Exchange(new CanonicalExchange(map), canonicalUses(name, settings)));
            }
        }
        List<String> masqueraded = settings.words("masquerade_domains");
        if (!masqueraded.isEmpty()) {
            NameList exceptions = NameList.read(settings.words("masquerade_exceptions"), settings.host()::read, tables);
            inOrder.add(new Exchange(
                    new Masquerade(masqueraded, exceptions),
                    AddressUse.of(settings, "masquerade_classes", EnumSet.allOf(AddressUse.class))));
        }
        AutomaticCopies copies = AutomaticCopies.of(settings, keys, addresses, tables);
        AliasExpansion aliases = AliasExpansion.of(settings, keys, addresses, tables);
        return new AddressMappings(
                inOrder,
                copies.isNone() ? null : copies,
                aliases.isEmpty() ? null : aliases,
                new Duplicates(settings.count("duplicate_filter_limit"), settings.flag("enable_original_recipient")),
                addresses);
    }

    private static void checkExtensions(Settings settings) {
        List<String> known = List.of("canonical", "virtual", "alias", "forward", "include", "generic");
        if (!known.containsAll(settings.words(PROPAGATE))) {
            throw settings.bad(PROPAGATE, "some of " + String.join(", ", known));
        }
    }

    private static Set<AddressUse> canonicalUses(String map, Settings settings) {
        return switch (map) {
            case "sender_canonical_maps" ->
                AddressUse.of(
                        settings,
                        "sender_canonical_classes",
                        EnumSet.of(AddressUse.ENVELOPE_SENDER, AddressUse.HEADER_SENDER));
            case "recipient_canonical_maps" ->
                AddressUse.of(
                        settings,
                        "recipient_canonical_classes",
                        EnumSet.of(AddressUse.ENVELOPE_RECIPIENT, AddressUse.HEADER_RECIPIENT));
            default -> AddressUse.of(settings, "canonical_classes", EnumSet.allOf(AddressUse.class));
        };
    }

    /** The same, but no address becomes another, and nobody gets a copy (receive_override_options=no_address_mappings). */
    public AddressMappings withoutMaps() {
        return new AddressMappings(List.of(), null, null, duplicates, addresses);
    }

    /** Whether an address there can become another. */
    public boolean exchanges(AddressUse use) {
        return !exchanges.get(use.ordinal()).isEmpty();
    }

    /** Whether an envelope can become another. */
    public boolean isForEnvelopes() {
        return exchanges(AddressUse.ENVELOPE_SENDER)
                || exchanges(AddressUse.ENVELOPE_RECIPIENT)
                || copies != null
                || aliases != null
                || !duplicates.keepsGiven();
    }

    /** An address that stands there. */
    public MailAddress map(MailAddress given, AddressUse use, MappingRun run) {
        List<AddressExchange> all = exchanges.get(use.ordinal());
        MailAddress address = given;
        for (int i = 0; i < all.size() && !address.isNull(); i++) {
            address = all.get(i).exchange(address, run);
        }
        return address;
    }

    /**
     * An envelope whose addresses are complete.
     *
     * @param isNew mail that comes in for the first time, of which copies are made
     */
    public Envelope map(Envelope given, boolean isNew, MappingRun run) {
        return map(given, isNew, List.of(), run);
    }

    /** The same. {@code ordered}: who gets a copy besides, as if a map had said so. */
    public Envelope map(Envelope given, boolean isNew, List<MailAddress> ordered, MappingRun run) {
        return new Pass(given, run).run(isNew ? copies : null, ordered);
    }

    /** One envelope. */
    private final class Pass {
        private final Envelope given;
        private final MappingRun run;
        private final RecipientList recipients;
        private final List<EnvelopeRecipient> aliased = new ArrayList<>(0);
        private @Nullable List<MailAddress> copied;

        Pass(Envelope given, MappingRun run) {
            this.given = given;
            this.run = run;
            this.recipients =
                    new RecipientList(given.recipients().size(), duplicates.rememberedMax(), !duplicates.keepsGiven());
        }

        Envelope run(@Nullable AutomaticCopies by, List<MailAddress> ordered) {
            MailAddress sender = map(given.sender(), AddressUse.ENVELOPE_SENDER, run);
            copy(by == null ? null : by.bySender(sender, run));
            List<EnvelopeRecipient> all = given.recipients();
            for (int i = 0; i < all.size(); i++) {
                EnvelopeRecipient recipient = all.get(i);
                MailAddress address = map(recipient.address(), AddressUse.ENVELOPE_RECIPIENT, run);
                List<MailAddress> targets = expanded(address);
                EnvelopeRecipient mapped = told(recipient.at(address), targets);
                for (MailAddress one : targets) {
                    put(mapped.at(one));
                }
                copy(by == null ? null : by.byRecipient(address, run));
            }
            copy(by == null ? null : by.always());
            ordered.forEach(this::copy);
            addCopies();
            return given.with(sender, recipients.recipients(), aliased);
        }

        /** RFC 3461 §5.2.7.1 (b): the sender is told now that it was an alias, and of no success behind it. */
        private EnvelopeRecipient told(EnvelopeRecipient recipient, List<MailAddress> targets) {
            boolean isAlias = targets.size() != 1 || !targets.get(0).equals(recipient.address());
            if (!isAlias || !DsnNotify.wantsSuccess(recipient.notifyBits())) {
                return recipient;
            }
            aliased.add(recipient);
            return recipient.withNotify(DsnNotify.withoutSuccess(recipient.notifyBits()));
        }

        private void put(EnvelopeRecipient mapped) {
            EnvelopeRecipient recipient = addresses == null ? mapped : mapped.at(place(mapped.address(), addresses));
            if (recipients.size() >= RECIPIENTS_MAX) {
                if (recipients.size() == RECIPIENTS_MAX && run.refusal() == null) {
                    run.onUnreasonable("number of recipients, more than " + RECIPIENTS_MAX);
                }
                return;
            }
            recipients.add(recipient);
        }

        /** A table may have a route, or nobody, for an address. */
        private MailAddress place(MailAddress address, AddressRewriter by) {
            if (address.isNull()) {
                return by.nobody();
            }
            return AddressRewriter.isRouted(address) ? by.follow(address, run.inquiry()) : address;
        }

        private void copy(@Nullable MailAddress to) {
            if (to != null && !to.isNull()) {
                List<MailAddress> all = copied;
                if (all == null) {
                    all = new ArrayList<>();
                    copied = all;
                }
                all.add(to);
            }
        }

        /** Who is a recipient already needs no copy. Nobody is told what became of one (RFC 3461 NOTIFY=NEVER). */
        private void addCopies() {
            List<MailAddress> all = copied;
            if (all == null) {
                return;
            }
            Set<String> known = new HashSet<>();
            recipients.recipients().forEach(one -> known.add(key(one.address())));
            for (MailAddress to : all) {
                MailAddress address = map(to, AddressUse.ENVELOPE_RECIPIENT, run);
                EnvelopeRecipient copy = new EnvelopeRecipient(address, DsnNotify.NEVER, null);
                for (MailAddress one : expanded(address)) {
                    if (known.add(key(one))) {
                        put(copy.at(one));
                    }
                }
            }
        }

        private List<MailAddress> expanded(MailAddress address) {
            return aliases == null ? List.of(address) : aliases.expand(address, run);
        }
    }

    private static String key(MailAddress address) {
        return address.external().toLowerCase(Locale.ROOT);
    }
}
