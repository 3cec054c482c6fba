package dev.leasehold.benchmarks.start;

/**
 * What processes hold in memory.
 *
 * @param residentBytes all pages, those shared with other processes counted in each
 * @param shareBytes shared pages divided by the number of those who share them, so that a sum counts each page once
 */
record Memory(long residentBytes, long shareBytes) {
    Memory plus(Memory other) {
        return new Memory(residentBytes + other.residentBytes, shareBytes + other.shareBytes);
    }
}
