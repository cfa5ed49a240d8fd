// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.stafette.delivery.tls.Authorities;
import dev.stafette.delivery.tls.CipherList;
import dev.stafette.delivery.tls.Fingerprint;
import dev.stafette.delivery.tls.KeyChain;
import dev.stafette.delivery.tls.TestCertificates;
import dev.stafette.delivery.tls.TlsEngine;
import dev.stafette.delivery.tls.TlsVersion;
import dev.stafette.engine.tls.ServerContext.Agreement;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.ReferenceCounted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What contexts keep outside the heap is freed. */
final class ServerContextTest {
    private static final ServerHandshake SILENT = new ServerHandshake() {
        @Override
        public void onInvalidName(String name) {}

        @Override
        public void onUnknownName(String name) {}

        @Override
        public void onEstablished(Agreement agreement) {}

        @Override
        public void onFailed(Throwable cause) {}
    };

    @Test
    void freesWhatEachReloadReplaces() throws InterruptedException {
        assumeTrue(TlsEngine.best() == TlsEngine.BORINGSSL, "no BoringSSL here");
        List<ReferenceCounted> replaced = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            replaced.add(newContext().context().counted());
        }
        for (ReferenceCounted context : replaced) {
            awaitCount(0, context);
        }
    }

    @Test
    void keepsWhatAHandshakeStillUses() throws InterruptedException {
        assumeTrue(TlsEngine.best() == TlsEngine.BORINGSSL, "no BoringSSL here");
        ServerContext context = newContext();
        ReferenceCounted kept = context.context().counted();
        SslHandler handler =
                (SslHandler) context.newHandler(ByteBufAllocator.DEFAULT, 0, Duration.ofSeconds(1), SILENT, "");
        context = null;
        System.gc();
        Thread.sleep(50);
        assertEquals(2, kept.refCnt());
        ReferenceCountUtil.release(handler.engine());
        handler = null;
        awaitCount(0, kept);
    }

    private static void awaitCount(int count, ReferenceCounted counted) throws InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (counted.refCnt() != count && System.nanoTime() - deadlineNs < 0) {
            System.gc();
            Thread.sleep(10);
        }
        assertEquals(count, counted.refCnt());
    }

    private static ServerContext newContext() {
        return ServerContext.of(
                TlsEngine.BORINGSSL,
                List.of(KeyChain.read(TestCertificates.FILES, "/tls/server.pem", "/tls/server.key")),
                new ServerTerms(
                        Set.of(TlsVersion.TLS_1_3),
                        CipherList.parse("ALL"),
                        false,
                        false,
                        Authorities.NONE,
                        Fingerprint.of("sha256"),
                        Duration.ofHours(1)),
                new TicketKeys());
    }
}
