// A tensor's data for a kernel of any type: it turns into the pointer that the kernel takes.
#pragma once

namespace al {

struct Address {
    char* data = nullptr;

    Address() = default;
    explicit Address(char* p) : data(p) {}
    template <typename T> operator T*() const { return reinterpret_cast<T*>(data); }
};

}  // namespace al
