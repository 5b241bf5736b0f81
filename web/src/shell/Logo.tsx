/** An icosahedron seen from its corner. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <path fill="var(--mantine-color-lagoon-7)" d="M16 1.5 28.6 8.75v14.5L16 30.5 3.4 23.25V8.75z" />
      <path
        fill="none"
        stroke="#fff"
        strokeWidth="1.5"
        strokeLinejoin="round"
        d="M16 9 9.2 20.4h13.6zM16 9V1.8M9.2 20.4l-5.6 2.8M22.8 20.4l5.6 2.8M16 9 3.6 8.8M16 9l12.4-.2M9.2 20.4 3.6 8.8M22.8 20.4 28.4 8.8M9.2 20.4 16 30.2l6.8-9.8"
      />
    </svg>
  );
}
