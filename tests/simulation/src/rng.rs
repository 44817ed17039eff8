//! Random numbers. Each actor draws from a stream of its own, named by the seed and by what it is: taking one action out of a plan
//! leaves the luck of all others as it was, which is what makes traces shrink.

/// A stream of random numbers.
pub(crate) type Rng = fastrand::Rng;

/// Mixes two numbers into one (`splitmix64`).
pub(crate) fn mix(a: u64, b: u64) -> u64 {
    let mut z = a ^ b.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The stream of this name.
pub(crate) fn stream(seed: u64, name: u64) -> Rng {
    Rng::with_seed(mix(seed, name))
}

/// 32 bytes for a hook.
pub(crate) fn entropy(rng: &mut Rng) -> [u8; 32] {
    let mut bytes = [0; 32];
    rng.fill(&mut bytes);
    bytes
}

/// True in so many of a hundred cases.
pub(crate) fn percent(rng: &mut Rng, chance: u32) -> bool {
    rng.u32(0..100) < chance
}
