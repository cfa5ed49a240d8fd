// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.authres;

import dev.stafette.codec.authres.MethodResult;
import dev.stafette.codec.authres.MethodResult.Property;
import dev.stafette.codec.dkim.ReceivedSignature;
import java.util.ArrayList;
import java.util.List;

/**
 * What came of one signature.
 * Thread: any (a value).
 *
 * @param result as RFC 8601 §2.7.1 has it
 * @param comment why, or with which key
 */
record SignatureVerdict(ReceivedSignature signature, String result, String comment) {
    static final String PASS = "pass";
    static final String FAIL = "fail";
    static final String NEUTRAL = "neutral";
    static final String POLICY = "policy";
    static final String TEMPERROR = "temperror";
    static final String PERMERROR = "permerror";

    /** Enough of a signature to tell it from the others (RFC 6008 §3). */
    private static final int TEXT_LENGTH = 8;

    boolean passes() {
        return result.equals(PASS);
    }

    MethodResult told() {
        List<Property> properties = new ArrayList<>();
        add("header.d", signature.domain(), properties);
        add("header.i", signature.identity(), properties);
        add("header.s", signature.selector(), properties);
        add("header.a", signature.algorithmWord(), properties);
        String text = signature.text();
        add("header.b", text.substring(0, Math.min(text.length(), TEXT_LENGTH)), properties);
        return new MethodResult(AuthenticationMethod.DKIM.word(), result, comment, properties);
    }

    private static void add(String name, String value, List<Property> properties) {
        if (!value.isEmpty()) {
            properties.add(new Property(name, value));
        }
    }
}
