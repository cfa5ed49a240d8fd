// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dmarc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What domains, and those who mean them harm, publish at {@code _dmarc}. */
class DmarcRecordTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v=DMARC1; p=reject                            | REJECT REJECT REJECT 100 false false",
                "v=DMARC1;p=quarantine;sp=none;np=reject;pct=7 | QUARANTINE NONE REJECT 7 false false",
                "v=DMARC1; p=reject; adkim=s; aspf=S           | REJECT REJECT REJECT 100 true true",
                "v=DMARC1; p=reject; t=y                       | REJECT REJECT REJECT 0 false false",
                "v=DMARC1; rua=mailto:a@b.test                 | NONE NONE NONE 100 false false",
                "v=DMARC1; p=perhaps; rua=mailto:a@b.test      | NONE NONE NONE 100 false false",
                "v=DMARC1; p=reject; sp=perhaps                | REJECT REJECT REJECT 100 false false",
                // More than all, and no number, is all.
                "v=DMARC1; p=reject; pct=999                   | REJECT REJECT REJECT 100 false false",
                "v=DMARC1; p=reject; pct=-1                    | REJECT REJECT REJECT 100 false false",
                "v=DMARC1; p=reject; pct=99999999999999999999  | REJECT REJECT REJECT 100 false false",
            })
    void areReadAsTheRfcHasIt(String text, String expected) {
        DmarcRecord record = Objects.requireNonNull(DmarcRecord.parse(text));
        assertEquals(
                expected,
                record.policy() + " " + record.subdomains() + " " + record.missing() + " " + record.percent() + " "
                        + record.isDkimStrict() + " " + record.isSpfStrict());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";",
                "v=DMARC1",
                "v=dmarc1; p=reject",
                "p=reject; v=DMARC1",
                "v=DMARC1; p=reject; p=none",
                "v=DMARC1; v=DMARC1; p=reject",
                "v=DMARC1; p",
                "v=DMARC1; p=re ject",
                "v=DMARC1;; p=reject",
                "v=DMARC12; p=reject",
                "v=spf1 -all",
            })
    void sayNothingWhereTheyAreNone(String text) {
        assertNull(DmarcRecord.parse(text));
    }

    @Test
    void doNoHarmHoweverLongTheyAre() {
        StringBuilder many = new StringBuilder("v=DMARC1; p=reject");
        for (int i = 0; i < 20_000; i++) {
            many.append("; x").append(i).append("=y");
        }
        assertNotNull(DmarcRecord.parse(many.toString()));
        assertNull(DmarcRecord.parse(many + "; x7=z"));
        assertNotNull(DmarcRecord.parse("v=DMARC1; p=reject; rua=" + "mailto:a@b.test,".repeat(20_000)));
        assertNull(DmarcRecord.parse(";".repeat(60_000)));
    }

    /** Whatever is changed in one, it is read or not, and no number leaves its range. */
    @Test
    void doNoHarmWhateverIsChangedInThem() {
        Random random = new Random(12);
        String good = "v=DMARC1; p=reject; sp=none; np=quarantine; pct=50; adkim=s; aspf=r; rua=mailto:a@b.test!10m";
        for (int i = 0; i < 20_000; i++) {
            char[] broken = good.toCharArray();
            for (int changes = 1 + random.nextInt(5); changes > 0; changes--) {
                broken[random.nextInt(broken.length)] = (char) random.nextInt(random.nextBoolean() ? 128 : 0x10000);
            }
            DmarcRecord record = DmarcRecord.parse(new String(broken));
            assertTrue(record == null || record.percent() >= 0 && record.percent() <= 100, () -> new String(broken));
        }
    }
}
