// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tlsrpt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What domains say of where they want reports. */
class ReportRequestTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v=TLSRPTv1; rua=mailto:r@b.test                          | [mailto:r@b.test]",
                "v=TLSRPTv1;rua=mailto:r@b.test,https://b.test/v1/tlsrpt; | [mailto:r@b.test,"
                        + " https://b.test/v1/tlsrpt]",
                "v=TLSRPTv1 ; x=1; rua = MAILTO:r@b.test , ftp:x          | [MAILTO:r@b.test]",
                "v=TLSRPTv1; rua=mailto:1@b.test; rua=mailto:2@b.test     | [mailto:1@b.test]",
                "v=TLSRPTv1                                               | []",
                "v=TLSRPTv2; rua=mailto:r@b.test                          | []",
                "v=TLSRPTv10; rua=mailto:r@b.test                         | []",
                "rua=mailto:r@b.test; v=TLSRPTv1                          | []",
                "v=TLSRPTv1; rua=http://b.test/                           | []",
            })
    void isReadFromARecord(String record, String places) {
        assertEquals(
                places,
                ReportRequest.parse(List.of("v=spf1 -all", record)).places().toString());
    }

    @Test
    void isNotThereWhenItIsThereTwice() {
        String record = "v=TLSRPTv1; rua=mailto:r@b.test";
        assertEquals(List.of(), ReportRequest.parse(List.of(record, record)).places());
    }

    @Test
    void hasALimit() {
        String[] many = new String[100];
        Arrays.fill(many, "mailto:r@b.test");
        String record = "v=TLSRPTv1; rua=" + String.join(",", many);
        assertEquals(
                ReportRequest.PLACES_MAX,
                ReportRequest.parse(List.of(record)).places().size());
    }

    @ParameterizedTest
    @CsvSource({
        "mailto:r@b.test,            r@b.test",
        "mailto:r%2Bx@b.test?x=y,    r+x@b.test",
        "mailto:r+x@b.test,          r+x@b.test",
        "mailto:r,                   ",
        "mailto:%0d%0aRCPT@b.test,   ",
        "mailto:%zz@b.test,          ",
        "mailto:a%2Cb@b.test,        ",
        "mailto:<r@b.test>,          ",
    })
    void namesReaders(String place, String address) {
        var reader = ReportMail.reader(place);
        if (address == null) {
            assertNull(reader);
        } else {
            assertEquals(address, reader == null ? null : reader.external());
        }
    }
}
