// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.restriction;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.stafette.codec.address.AddressList;
import dev.stafette.codec.address.MailAddress;
import dev.stafette.engine.config.FakeHost;
import dev.stafette.engine.config.FakeTables;
import dev.stafette.engine.config.Settings;
import dev.stafette.engine.rewrite.AddressClasses;
import dev.stafette.engine.rewrite.AddressRewriter;
import dev.stafette.engine.table.Inquiry;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipientRoutesTest {
    private final FakeTables tables = new FakeTables().table("hash:t").table("hash:down");

    private RecipientFacts facts(String recipient, String... mainCf) {
        Settings settings = FakeHost.settings("mydestination = b.test\nrelay_domains = relay.test\n"
                + "virtual_alias_domains =\n" + String.join("\n", mainCf));
        AddressClasses classes = AddressClasses.of(settings, tables);
        MailAddress given = AddressList.split(recipient);
        return RecipientRoutes.of(settings, classes, tables)
                .facts(
                        given,
                        AddressRewriter.of(settings, classes).tryFollow(given, false, Inquiry.BLOCKING),
                        MailAddress.NULL,
                        Inquiry.BLOCKING);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        u@b.test              | no  | false
        u%d.test              | no  | false
        u%relay.test@b.test   | no  | false
        u%d.test@relay.test   | no  | true
        u%d.test@relay.test   | yes | false
        u@d.test@relay.test   | no  | true
        """)
    void distrustsARouteThatSomebodyElseWillFollow(String recipient, String isAllowed, boolean expected) {
        assertEquals(
                expected,
                facts(recipient, "allow_untrusted_routing = " + isAllowed).isRouted());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        u@b.test     | transport_maps                           | UNKNOWN
        u@d.test     | transport_maps                           | UNKNOWN
        u@relay.test | relocated_maps                           | UNKNOWN
        u@relay.test | sender_dependent_relayhost_maps          | UNKNOWN
        u@b.test     | sender_dependent_relayhost_maps          | LOCAL
        u@relay.test | sender_dependent_default_transport_maps  | RELAY
        u@d.test     | sender_dependent_default_transport_maps  | UNKNOWN
        """)
    void cannotTellTheClassOfWhatItCannotRoute(String recipient, String parameter, String expected) {
        tables.mute("hash:down", true);
        assertEquals(
                expected,
                facts(recipient, parameter + " = hash:down").targetClass().name());
    }
}
