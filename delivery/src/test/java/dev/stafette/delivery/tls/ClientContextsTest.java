// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ReferenceCounted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a client's contexts keep outside the heap is freed, and shared where it may be. */
class ClientContextsTest {
    private static TlsPolicy policy(TlsLevel level, TlsVersion version) {
        return new TlsPolicy(level, EnumSet.of(version), CipherList.parse("HIGH"), List.of(), "", null);
    }

    /** As a reload makes them. */
    private static ClientContexts newContexts() {
        return new ClientContexts(
                TlsEngine.BORINGSSL,
                List.of(KeyChain.read(TestCertificates.FILES, "client.pem", "client.key")),
                Duration.ofHours(1));
    }

    private static void awaitCount(int count, ReferenceCounted counted) throws InterruptedException {
        for (int i = 0; i < 6000 && counted.refCnt() != count; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertEquals(count, counted.refCnt());
    }

    @Test
    void shareAContextWhereTheListsAreTheSame() {
        ClientContexts contexts = new ClientContexts(TlsEngine.JDK, List.of(), Duration.ofHours(1));
        EngineContext one = contexts.context(policy(TlsLevel.MAY, TlsVersion.TLS_1_3));
        assertSame(one, contexts.context(policy(TlsLevel.SECURE, TlsVersion.TLS_1_3)));
        assertNotSame(one, contexts.context(policy(TlsLevel.MAY, TlsVersion.TLS_1_2)));
    }

    @Test
    void freeWhatEachReloadReplaces() throws InterruptedException {
        assumeTrue(TlsEngine.best() == TlsEngine.BORINGSSL, "no BoringSSL here");
        List<ReferenceCounted> replaced = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ClientContexts contexts = newContexts();
            for (TlsVersion version : EnumSet.of(TlsVersion.TLS_1_2, TlsVersion.TLS_1_3)) {
                replaced.add(contexts.context(policy(TlsLevel.MAY, version)).counted());
            }
        }
        for (ReferenceCounted context : replaced) {
            awaitCount(0, context);
        }
    }

    @Test
    void keepWhatASessionStillUses() throws InterruptedException {
        assumeTrue(TlsEngine.best() == TlsEngine.BORINGSSL, "no BoringSSL here");
        ClientContexts contexts = newContexts();
        TlsPolicy policy = policy(TlsLevel.MAY, TlsVersion.TLS_1_3);
        SslHandler handler = contexts.newHandler(policy, ByteBufAllocator.DEFAULT, "127.0.0.1", 25, "mx.b.test");
        ReferenceCounted kept = contexts.context(policy).counted();
        assertEquals(2, kept.refCnt());
        contexts = null;
        awaitCount(1, kept);
        ReferenceCountUtil.release(handler.engine());
        assertEquals(0, kept.refCnt());
    }
}
