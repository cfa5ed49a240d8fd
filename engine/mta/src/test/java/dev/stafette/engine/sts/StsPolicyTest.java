// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.sts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.stafette.engine.sts.StsPolicy.Mode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StsPolicyTest {
    @Test
    void readsWhatRfc8461Shows() {
        StsPolicy policy = StsPolicy.parse("version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\n"
                + "mx: *.Example.net\r\nmx: backupmx.example.com\r\nmax_age: 604800\r\n");
        assertEquals(
                new StsPolicy(
                        Mode.ENFORCE, List.of("mail.example.com", "*.example.net", "backupmx.example.com"), 604_800),
                policy);
        assertEquals(policy, StsPolicy.parse(policy.text()));
    }

    @Test
    void isLenientWhereItMayBe() {
        assertEquals(
                new StsPolicy(Mode.NONE, List.of(), StsPolicy.MAX_AGE_SECONDS_MAX),
                StsPolicy.parse("version:STSv1\nfuture: x\nmode:none\nmode: enforce\n\nmax_age:9999999999"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "version: STSv2;mode: none;max_age: 1 | version: 'STSv2' (expected: STSv1)",
                "mode: none;max_age: 1                | version: '' (expected: STSv1)",
                "version: STSv1;mode: may;max_age: 1  | mode: 'may' (expected: enforce, testing or none)",
                "version: STSv1;mode: none            | max_age: '' (expected: a number of seconds)",
                "version: STSv1;mode: none;max_age:-1 | max_age: '-1' (expected: a number of seconds)",
                "version: STSv1;mode: enforce;max_age: 1 | no mx",
                "version: STSv1;mode: enforce;max_age: 1;mx: a.*.test | mx: 'a.*.test' (expected: a host name, or *.domain)",
                "<html>                               | a line without a colon",
            })
    void refusesWhatIsNone(String text, String why) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> StsPolicy.parse(text.replace(';', '\n')));
        assertEquals(why, refused.getMessage());
    }
}
