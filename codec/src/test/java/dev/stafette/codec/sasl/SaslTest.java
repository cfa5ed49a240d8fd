// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.sasl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The mechanisms, by the examples of their RFCs and against each other. */
class SaslTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    /** RFC 7677 §3. */
    private static final byte[] SALT = Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ==");

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(Objects.requireNonNull(bytes), StandardCharsets.UTF_8);
    }

    @Test
    void readsAndWritesPlain() {
        assertEquals(
                new PlainMessage("", "tim", "tanstaaftanstaaf"), PlainMessage.parse(bytes("\0tim\0tanstaaftanstaaf")));
        assertEquals("\0tim\0x", text(new PlainMessage("", "tim", "x").format()));
        assertFalse(new PlainMessage("", "tim", "secret").toString().contains("secret"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\0", "\0\0", "\0u\0", "\0\0p", "u\0p", "\0u\0p\0", "a\0b\0c\0d"})
    void takesNothingElseForPlain(String message) {
        assertNull(PlainMessage.parse(bytes(message)));
    }

    @Test
    void saysWhatTheExampleOfScramSays() {
        ScramClient client = new ScramClient("", "user", "pencil", "rOprNGfwEbeRWgbNEkqO");
        assertEquals("n,,n=user,r=rOprNGfwEbeRWgbNEkqO", text(client.initialResponse()));
        assertEquals(
                "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                        + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
                text(client.respond(bytes("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                        + "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"))));
        assertFalse(client.isComplete());
        assertArrayEquals(new byte[0], client.respond(bytes("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")));
        assertTrue(client.isComplete());
    }

    @Test
    void doesNotBelieveAServerThatDoesNotKnowThePassword() {
        ScramClient client = new ScramClient("", "user", "pencil", "abc");
        assertNotNull(client.respond(bytes("r=abcdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")));
        assertNull(client.respond(bytes("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")));
        assertFalse(client.isComplete());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "r=abc,s=QUJD,i=4096",
                "r=xbcdef,s=QUJD,i=4096",
                "r=abcdef,s=,i=4096",
                "r=abcdef,s=!,i=4096",
                "r=abcdef,s=QUJD,i=0",
                "r=abcdef,s=QUJD,i=2000000000",
                "r=abcdef,s=QUJD,i=x",
                "e=other-error"
            })
    void doesNotAnswerAChallengeThatMakesNoSense(String challenge) {
        assertNull(new ScramClient("", "user", "pencil", "abc").respond(bytes(challenge)));
    }

    private static byte[] scram(String user, String password, ScramKeys keys) {
        SaslClient client = SaslClient.of("SCRAM-SHA-256", user, password, RANDOM);
        ScramServer server = Objects.requireNonNull(
                ScramServer.begin(Objects.requireNonNull(client.initialResponse()), false, null));
        assertEquals(user, server.user());
        byte[] proof = Objects.requireNonNull(client.respond(server.challenge(keys, RANDOM)));
        byte[] end = server.end(proof);
        if (end != null) {
            assertNotNull(client.respond(end));
            assertTrue(client.isComplete());
        }
        return end;
    }

    @Test
    void letsThoseInWhoKnowThePassword() {
        ScramKeys keys = Objects.requireNonNull(
                ScramKeys.parse(ScramKeys.of("pencil", SALT, 4096).format()));
        assertNotNull(scram("us,e=r", "pencil", keys));
        assertNull(scram("user", "pen", keys));
        assertTrue(keys.isOf("pencil"));
        assertFalse(keys.isOf("pen"));
        // RFC 4013: what looks the same is the same.
        assertTrue(ScramKeys.of("\u2168", SALT, 4096).isOf("IX"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "n,,",
                "n,,n=user",
                "n,,n=,r=abc",
                "n,,n=user,r=",
                "n,,n=us=er,r=abc",
                "p=tls-unique,,n=user,r=abc",
                "n,a=other,n=user,r=abc",
                "x,,n=user,r=abc",
                "n,,m=ext,n=user,r=abc",
                "nn,n=user,r=abc"
            })
    void takesNothingElseForABeginning(String message) {
        assertNull(ScramServer.begin(bytes(message), false, null));
    }

    /** RFC 5802 §6: what the mechanism, the flag and the offer have to do with each other. */
    @ParameterizedTest
    @CsvSource({
        "n,                      false, false, true",
        "y,                      false, false, true",
        "p=tls-server-end-point, false, false, false",
        "n,                      false, true,  true",
        "y,                      false, true,  false",
        "p=tls-server-end-point, false, true,  false",
        "n,                      true,  true,  false",
        "y,                      true,  true,  false",
        "p=tls-unique,           true,  true,  false",
        "p=tls-server-end-point, true,  false, false",
        "p=tls-server-end-point, true,  true,  true"
    })
    void knowsWhenAnOfferWasTakenAway(String flag, boolean isBound, boolean isOffered, boolean begins) {
        ChannelBinding offered = isOffered ? new ChannelBinding(ChannelBinding.SERVER_END_POINT, new byte[] {1}) : null;
        assertEquals(begins, ScramServer.begin(bytes(flag + ",,n=user,r=abc"), isBound, offered) != null);
    }

    @Test
    void takesNoProofOfSomethingElse() {
        ScramKeys keys = ScramKeys.of("pencil", SALT, 4096);
        for (String change : new String[] {"c=biws|c=eSws", ",r=|,r=x", ",p=|,q=", "p=|p=AAAA", "c=biws|c=!"}) {
            SaslClient client = SaslClient.of("SCRAM-SHA-256", "user", "pencil", RANDOM);
            ScramServer server = Objects.requireNonNull(
                    ScramServer.begin(Objects.requireNonNull(client.initialResponse()), false, null));
            String proof = text(client.respond(server.challenge(keys, RANDOM)));
            String[] both = change.split("\\|");
            assertNull(server.end(bytes(proof.replace(both[0], both[1]))), change);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1,2,3", "x,QUJD,QUJD,QUJD", "4096,QUJD,QUJD,QUJD", "4096,!,!,!"})
    void takesNothingElseForKeys(String text) {
        assertNull(ScramKeys.parse(text));
    }

    @Test
    void saysWhomItWantsToActAs() {
        assertEquals(
                "\0joe\0secret",
                text(SaslClient.of("PLAIN", "joe", "secret", RANDOM).initialResponse()));
        assertEquals(
                "joe\0joe\0secret",
                text(SaslClient.of("PLAIN", "joe", "joe", "secret", RANDOM).initialResponse()));
        SaslClient scram = SaslClient.of("SCRAM-SHA-256", "jo=e", "jo=e", "secret", RANDOM);
        String first = text(scram.initialResponse());
        assertTrue(first.startsWith("n,a=jo=3De,n=jo=3De,r="), first);
        String nonce = first.substring(first.indexOf(",r=") + 3);
        String last = text(scram.respond(bytes("r=" + nonce + "x,s=QUJD,i=4096")));
        String header = Base64.getEncoder().encodeToString(bytes("n,a=jo=3De,"));
        assertTrue(last.startsWith("c=" + header + ",r="), last);
    }

    @Test
    void answersLoginAndCramMd5() {
        SaslClient login = SaslClient.of("login", "joe", "secret", RANDOM);
        assertNull(login.initialResponse());
        assertEquals("joe", text(login.respond(bytes("Username:"))));
        assertEquals("secret", text(login.respond(bytes("Password:"))));
        assertNull(login.respond(bytes("More:")));
        // RFC 2195 §2.
        assertEquals(
                "tim b913a602c7eda7a495b4e6e7334d3890",
                text(SaslClient.of("CRAM-MD5", "tim", "tanstaaftanstaaf", RANDOM)
                        .respond(bytes("<1896.697170952@postoffice.reston.mci.net>"))));
    }
}
