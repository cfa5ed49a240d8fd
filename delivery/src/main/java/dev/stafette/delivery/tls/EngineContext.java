// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCounted;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/**
 * What an engine keeps for the handshakes that have keys and lists in common.
 * Thread: any.
 *
 * <p>What it has outside the heap goes when nobody refers to this any more, and the last session has ended: a reload replaces
 * contexts, and none of those who may still begin a handshake by an old one has to count itself for that.
 */
public final class EngineContext {
    private static final Cleaner RELEASES = Cleaner.create(task -> {
        Thread thread = new Thread(task, "tls-contexts");
        thread.setDaemon(true);
        return thread;
    });

    private final SslContext context;

    /** Takes it. */
    public EngineContext(SslContext context) {
        this.context = context;
        if (context instanceof ReferenceCounted counted) {
            RELEASES.register(this, counted::release);
        }
    }

    public SslHandler newHandler(ByteBufAllocator allocator) {
        SslHandler handler = context.newHandler(allocator);
        // It has its own hold on the context now.
        Reference.reachabilityFence(this);
        return handler;
    }

    /** By that address and port a client finds the server's sessions again. */
    public SslHandler newHandler(ByteBufAllocator allocator, String address, int port) {
        SslHandler handler = context.newHandler(allocator, address, port);
        Reference.reachabilityFence(this);
        return handler;
    }

    /** Null: the engine keeps the keys of its tickets to itself. It is good for as long as this is referred to. */
    public @Nullable OpenSslSessionContext sessions() {
        return context.sessionContext() instanceof OpenSslSessionContext sessions ? sessions : null;
    }

    /** For tests: how many hold it; zero: it is freed. Whoever has this does not hold it. */
    public ReferenceCounted counted() {
        return (ReferenceCounted) context;
    }
}
