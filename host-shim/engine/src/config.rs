//! How wasmtime is set up: the same for the host that runs components and for the tool that compiles them.

use wasmtime::{Config, Enabled, InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::limits::{CONCURRENT_CALLS, MEMORY_BYTES};

/// Core modules in one component: the plugin's own and the two small ones that join it to its imports.
const MODULES: u32 = 4;

/// The configuration. A `.cwasm` only loads into an engine with the same one.
pub(crate) fn config() -> Config {
    let mut config = Config::new();
    config
        .epoch_interruption(true)
        // No streams and futures in the contract: their bookkeeping is left out of every call.
        .concurrency_support(false)
        // Names of the guest's functions would need debug information that the shipped component does not have.
        .wasm_backtrace_max_frames(None)
        .generate_address_map(false)
        // A memory's address range is as large as it may ever grow. Less than 4 GiB each costs bounds checks, and spares
        // hosts with a limited address space.
        .memory_reservation(MEMORY_BYTES as u64)
        .memory_reservation_for_growth(0)
        .memory_guard_size(GUARD_BYTES)
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool()));
    config
}

/// Between two memories. Reads at small offsets past the end are caught here without a check.
const GUARD_BYTES: u64 = 64 << 10;

/// What a place keeps of its memory between two calls, wiped, instead of giving it back to the system and taking it anew,
/// which costs more than the call itself where page faults are dear. More gains nothing for the Zoom component. All places
/// together keep at most 97 MiB, stacks and tables included, and only after as many calls at once.
const KEPT_MEMORY_BYTES: usize = 256 << 10;
/// The same for the stack, wiped from its top.
const KEPT_STACK_BYTES: usize = 128 << 10;
/// The same for each table.
const KEPT_TABLE_BYTES: usize = 16 << 10;

/// Places for as many instances as may run at once. They take address space, not memory, until they are used.
fn pool() -> PoolingAllocationConfig {
    let calls = u32::try_from(CONCURRENT_CALLS).unwrap_or(u32::MAX);
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(calls)
        .total_core_instances(calls * MODULES)
        .total_memories(calls)
        .total_tables(calls * MODULES)
        .total_stacks(calls)
        .max_core_instances_per_component(MODULES)
        .max_memories_per_component(1)
        .max_tables_per_component(MODULES)
        .max_memory_size(MEMORY_BYTES)
        // Only pages that were touched are wiped, where the kernel can tell (Linux 6.7).
        .pagemap_scan(Enabled::Auto)
        .linear_memory_keep_resident(KEPT_MEMORY_BYTES)
        .table_keep_resident(KEPT_TABLE_BYTES)
        .async_stack_keep_resident(KEPT_STACK_BYTES);
    pool
}
