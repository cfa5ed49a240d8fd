// SPDX-License-Identifier: Apache-2.0
package dev.stafette.bench.load;

import dev.stafette.engine.load.DiscardSink;
import dev.stafette.engine.load.SequenceSet;
import dev.stafette.engine.load.SinkCounts;
import dev.stafette.engine.load.SinkSettings;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The load sink, on a thread of this process.
 * Thread: main.
 */
final class OwnSink implements Sink {
    private final DiscardSink sink;
    private final int port;

    private OwnSink(DiscardSink sink, int port) {
        this.sink = sink;
        this.port = port;
    }

    /** The first so many addresses defer everything. {@code tls}: what STARTTLS begins; null: it is not offered. */
    static OwnSink open(List<String> addresses, int port, int deferringCount, @Nullable SslContext tls)
            throws IOException {
        List<InetSocketAddress> sockets = addresses.stream()
                .map(address -> new InetSocketAddress(address, port))
                .toList();
        SinkSettings all = SinkSettings.acceptingAll(sockets.get(0));
        return new OwnSink(
                DiscardSink.open(all.withAddresses(sockets, deferringCount).withTls(tls)), port);
    }

    @Override
    public int port() {
        return port;
    }

    SequenceSet seen() {
        return sink.seen();
    }

    @Override
    public SinkFigures end() {
        SinkCounts counts = sink.counts();
        sink.close();
        return new SinkFigures(
                counts.messages(),
                counts.unique(),
                counts.duplicates(),
                counts.deferred(),
                counts.connections(),
                counts.peakConnections());
    }

    @Override
    public void close() {
        sink.close();
    }
}
